"""A container that sees the processes of its node."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.images import OF_THE_NODE, family
from stems.validation.other_projects import containers_of
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.services import key_place
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM518"

PAGE = Page(
    checks="""Services of Compose with `pid`, `ipc`, `uts`, `userns_mode` or `cgroup` set to `host`. It is a note for
images that look at the node itself, such as node-exporter and netdata.""",
    why="""The container sees the processes of all others with their variables, passwords included, can end them, and
is root on the node where it is root inside.""",
    instead="Remove the key, unless the program is there to look at the node.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                pid: host
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
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', ipc: host}}\n"},
        {"site.yml": "- hosts: a\n  tasks: [{docker_container: {name: a, image: 'a:1', pid_mode: host}}]\n"},
        {"quadlets/a.container": "[Container]\nImage=home/a:1\nPodmanArgs=--pid=host\n"},
        {"tools/docker-compose.yml": 'services:\n  app:\n    image: home/app:1\n    userns_mode: "host"\n'},
    ),
    also_good=(
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', ipc: shareable, pid: 'service:web'}
                  web: {image: 'nginx:1.27'}
                """
        },
        {"services/app/compose.yml": "services:\n  app:\n    image: home/app:1\n    # pid: host\n"},
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', hostname: host}}\n"},
    ),
)

_KEYS = ("pid", "ipc", "uts", "userns_mode", "cgroup")


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.once(containers_of):
        for key in _KEYS:
            if service.text(key) == "host":
                message = f"{service.name}: shares `{key}` with the node, so that it is not kept apart from it"
                severity = Severity.NOTE if family(service, OF_THE_NODE) else Severity.WARNING
                yield Finding(CODE, key_place(service, key), message, f"remove `{key}`", severity)


RULE = Rule(CODE, "host-namespace", Stage.SERVICE, Principle.P4, PAGE, check, Severity.WARNING)
