"""A Compose file that says which version of a format it has that no longer exists."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.edit import Edit
from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.readers.document import Document
from stems.validation.files import File
from stems.validation.other_projects import other_projects_of
from stems.validation.page import Page
from stems.validation.projects import projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM523"
_NAMES = ("compose.y*ml", "compose.*.y*ml", "docker-compose.y*ml", "docker-compose.*.y*ml", "docker-compose-*.y*ml")
_LINE = re.compile(r"""version:[ \t]*(?P<quote>["']?)[\d.]+(?P=quote)[ \t]*""")
_SWARMS = re.compile(r"^[ \t]+(?:mode|placement|update_config|rollback_config|endpoint_mode)[ \t]*:", re.MULTILINE)
_KEY = re.compile(r"""^version:[ \t]*["']?[\d.]+["']?[ \t]*(?:#.*)?$""", re.MULTILINE)
_MESSAGE = "`version` means nothing to Compose, which warns of it each time"
_REMEDY = "take the line out"
_SWARM = frozenset({"mode", "placement", "update_config", "rollback_config", "endpoint_mode"})

PAGE = Page(
    checks="""The key `version` of Compose files and of templates of them. Files with settings that only a swarm
follows are not meant, because an older `docker stack deploy` asks for it. `--fix` takes the line out.""",
    why="""Compose has not looked at it since 2020, and says so in a warning before each of its answers, in the middle
of what counts. Who reads `version: "2.1"` looks up the wrong reference.""",
    instead="Take the line out: nothing else changes.",
    bad={
        "services/web/compose.yml": """
            version: "3.8"
            services:
              web:
                image: nginx:1.27.3
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
            """,
    },
    also_bad=(
        {"services/web/docker-compose.yml": "---\nversion: '2.1'\nservices:\n  web: {image: 'nginx:1.27'}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\nversion: '3'\n"},
        {"services/web/compose.yml": "version: '3' # as ever\n\nservices: {web: {image: 'nginx:1.27'}}\n"},
        {"services/web/compose.yml": "{version: '3', services: {web: {image: 'nginx:1.27'}}}\n"},
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/web/compose.override.yml": "version: '3.7'\nservices: {web: {environment: [A=b]}}\n",
        },
        {"stacks/web/stack.yml": "version: '3.8'\nservices:\n  web:\n    image: nginx:1.27\n"},
        {
            "roles/web/templates/docker-compose.yml.j2": """
                version: '3'
                services:
                  web:
                    image: web:{{ tag }}
                    network_mode: host
                """,
        },
        {"docker/traefik/docker-compose.yaml": 'version: "3"\nservices:\n  traefik:\n    image: traefik:v3.1\n'},
    ),
    also_good=(
        {"services/web/compose.yml": "# version: '3'\nservices: {web: {image: 'nginx:1.27'}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', labels: {version: '3'}}}\n"},
        {"services/web/compose.yml": "x-version: '3'\nservices: {web: {image: 'nginx:1.27'}}\n"},
        {"stack/docker-compose.yml": "version: '3'\nservices:\n  web: {image: 'a:1', deploy: {mode: global}}\n"},
        {"ansible/requirements.yml": "version: '3'\nroles: []\n"},
        {"examples/web/compose.yml": "version: '3'\nservices: {web: {image: 'nginx:1.27'}}\n"},
        {"config/compose.yml": "version: 1\nname: not of Compose\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for file in subject.files.named(*_NAMES):
        if not file.is_aside and not file.is_documentation:
            for document in file.documents:
                yield from _of(file, document)
    seen = {file.path for file in subject.files.named(*_NAMES)}
    others = (path for composed in subject.once(projects_of) for path in composed.project.files)
    templates = (path for project in subject.once(other_projects_of) for path in project.files)
    for path in dict.fromkeys((*others, *templates)):
        if path not in seen and path in subject.files:
            yield from _written(subject.files[path])


def _written(file: File) -> Iterator[Finding]:
    """What is called otherwise, or can be read as YAML only when something filled it in."""
    found = _KEY.search(file.text)
    if found and not _SWARMS.search(file.text):
        yield Finding(CODE, file.at(found.start()), _MESSAGE, _REMEDY, Severity.NOTE)


def _of(file: File, document: Document) -> Iterator[Finding]:
    value = document.value
    if not isinstance(value, dict) or "version" not in value or not isinstance(value.get("services"), dict):
        return
    if any(_is_of_swarm(service) for service in value["services"].values()):
        return
    place = document.key_place("version")
    yield Finding(CODE, place, _MESSAGE, _REMEDY, Severity.NOTE, fix=_fix(file, place.line))


def _is_of_swarm(service: object) -> bool:
    deploy = service.get("deploy") if isinstance(service, dict) else None
    return isinstance(deploy, dict) and not _SWARM.isdisjoint(deploy)


def _fix(file: File, line: int) -> tuple[Edit, ...]:
    """The line, with an empty one below it. None where there is more in it than the version."""
    lines = file.text.splitlines(keepends=True)
    if not _LINE.fullmatch(lines[line - 1].rstrip("\r\n")):
        return ()
    end = line + 1 if line < len(lines) and not lines[line].strip() else line
    start = sum(map(len, lines[: line - 1]))
    return (Edit(file.path, start, "".join(lines[line - 1 : end]), ""),)


RULE = Rule(CODE, "obsolete-version", Stage.SERVICE, Principle.O2, PAGE, check, Severity.NOTE)
