"""A container that runs several programs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.dockerfile import instructions
from stems.tools.compose.model.project import Service
from stems.validation.built import dockerfile_of
from stems.validation.commands import shell_lines
from stems.validation.files import File
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.services import words
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM524"

PAGE = Page(
    checks="""Services whose command starts `supervisord`, or puts a program into the background with `&` in a shell,
in the Compose file, in the Dockerfile that they are built from, or in the script that this starts.""",
    why="""Docker watches one process. When the other one dies, the container is up, its health check may answer, and
nothing is restarted; its lines in the log cannot be told apart.""",
    instead="Make a service of each, with the same image and its own command.",
    bad={
        "services/app/compose.yml": """
            services:
              app:
                image: ghcr.io/home/app:1.4
                command: sh -c "worker & web"
            """,
    },
    good={
        "services/app/compose.yml": """
            services:
              app:
                image: ghcr.io/home/app:1.4
                command: web
              worker:
                image: ghcr.io/home/app:1.4
                command: worker
            """,
    },
    also_bad=(
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', command: [supervisord, -n, -c, /etc/app.conf]}
                """
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', entrypoint: ['/bin/sh', '-c', 'cron & exec app']}
                """
        },
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": """
                FROM python:3.12
                RUN pip install supervisor
                CMD ["/usr/bin/supervisord", "-n"]
                """,
        },
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": 'FROM debian:12\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
            "services/app/start.sh": "#!/bin/sh\nnginx &\nexec php-fpm -F\n",
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', command: 'sh -c "service nginx start && service cron start && sleep inf"'}
                """
        },
    ),
    also_good=(
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', command: sh -c 'migrate && exec web 2>&1'}
                """
        },
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', command: 'app --url=http://a.example/?x=1&y=2'}
                """
        },
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', command: sh -c 'web >/dev/null 2>&1'}}\n"},
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": 'FROM debian:12\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
            "services/app/start.sh": "#!/bin/sh\nmigrate >/dev/null 2>&1\n# nginx &\nexec web\n",
        },
        # The usual way to wait and to stop at a signal.
        {
            "services/app/compose.yml": """
                services:
                  app:
                    image: 'certbot/certbot:v2.11.0'
                    entrypoint:
                      - "/bin/sh"
                      - "-c"
                      - 'trap exit TERM; while :; do certbot renew; sleep 12h & wait $${!}; done;'
                """
        },
        {
            "services/app/compose.yml": "services: {app: {build: .}}\n",
            "services/app/Dockerfile": """
                FROM python:3.12
                # CMD supervisord
                RUN apt-get update && apt-get install -y curl
                CMD ["app"]
                """,
        },
    ),
)

_SUPERVISOR = re.compile(r"(?:^|[/\s\"'\[])(?:supervisord|s6-svscan|runsvdir|my_init|/sbin/init)(?:$|[\s\"',\]])")
_SCRIPT = re.compile(r"[\[\"/\s](?P<name>[\w.-]+\.sh)(?=[\"\s\],]|$)")
_LEFT = re.compile(r"(?<![&><|\\])&\s*$")
_SHELL = re.compile(r"(?:^|[/\s\"'\[])(?:ba|da|a)?sh[\"', ]+-\w*c\b")
_DAEMON = re.compile(r"\bservice\s+([\w-]+)\s+start\b")
_BACKGROUND = re.compile(r"(?<![&><|\\])&(?![&>|\d])\s*(?P<next>\w*)")


def check(subject: Subject) -> Iterator[Finding]:
    for _, service in subject.once(services_of):
        for key in ("entrypoint", "command"):
            value = service.value.at(key)
            if value is not None and (what := _several(" ".join(words(service, key)))):
                message = f"{service.name}: {what}, and Docker watches one process only"
                yield Finding(CODE, value.place, message, "make a service of each program", Severity.WARNING)
        yield from _built(subject, service)


def _built(subject: Subject, service: Service) -> Iterator[Finding]:
    file = dockerfile_of(subject.files, service)
    if file is None or service.value.at("command") is not None or service.value.at("entrypoint") is not None:
        return
    yield from _scripted(subject, service, file)
    started = {one.name: one for one in instructions(file.text) if one.name in ("CMD", "ENTRYPOINT", "FROM")}
    for name in ("ENTRYPOINT", "CMD"):
        one = started.get(name)
        if one is not None and (what := _several(one.rest if one.rest.startswith("[") else f"sh -c {one.rest}")):
            message = f"{service.name}: {what}, and Docker watches one process only"
            yield Finding(CODE, file.place(one.line, 1), message, "make a service of each program", Severity.WARNING)


def _scripted(subject: Subject, service: Service, file: File) -> Iterator[Finding]:
    """The script that an image starts, where it lies beside its Dockerfile."""
    last = next((one for one in reversed(list(instructions(file.text))) if one.name in ("ENTRYPOINT", "CMD")), None)
    found = _SCRIPT.search(last.rest) if last else None
    script = subject.files.get(f"{file.folder}/{found['name']}".lstrip("/")) if found else None
    if script is None or "kill" in script.text or "trap" in script.text:
        return
    lines = [line for line in shell_lines(script) if line.text.strip()]
    for line in lines[:-1]:
        if _LEFT.search(line.text):
            message = f"{service.name}: puts a program into the background, and Docker watches one process only"
            place = script.place(line.number, 1)
            yield Finding(CODE, place, message, "make a service of each program", Severity.WARNING)
            return


def _several(command: str) -> str:
    if _SUPERVISOR.search(command):
        return "starts a supervisor of several programs"
    if len(set(_DAEMON.findall(command))) > 1:
        return "starts several programs"
    if _SHELL.search(command):
        for found in _BACKGROUND.finditer(command):
            if found["next"] != "wait":
                return "puts a program into the background"
    return ""


RULE = Rule(CODE, "several-processes", Stage.SERVICE, Principle.O4, PAGE, check, Severity.WARNING)
