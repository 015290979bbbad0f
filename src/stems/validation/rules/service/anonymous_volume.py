"""A volume that nobody can name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM522"

PAGE = Page(
    checks="""Entries of `volumes` with a place in the container and nothing that is mounted there. Folders that are
only to stay empty, such as `node_modules`, caches and those for temporary files, are not meant.""",
    why="""Docker gives such a volume a name of 64 digits. After `docker compose down` the service gets a new, empty
one, and the old one is among dozens that nobody dares to remove.""",
    instead="Give it a name, `data:/data` with `data:` under `volumes`, or mount a folder of the node.",
    bad={
        "services/app/compose.yml": """
            services:
              app:
                image: ghcr.io/home/app:1.4
                volumes:
                  - /data
            """,
    },
    good={
        "services/app/compose.yml": """
            services:
              app:
                image: ghcr.io/home/app:1.4
                volumes:
                  - data:/data
            volumes: {data: {}}
            """,
    },
    also_bad=(
        {"services/db/compose.yml": "services: {db: {image: 'postgres:16', volumes: ['/var/lib/postgresql/data']}}\n"},
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', volumes: [{type: volume, target: /data}]}
                """
        },
        {
            "stacks/app/docker-compose.yml": """
                services:
                  app:
                    image: home/app:1
                    volumes: ["./config:/config", /config/database]
                """,
        },
    ),
    also_good=(
        {"services/app/compose.yml": "services: {app: {build: ., volumes: ['./src:/app', /app/node_modules]}}\n"},
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', volumes: [/var/cache/app, /tmp/work]}}\n"},
        {
            "services/app/compose.yml": """
                services:
                  app: {image: 'home/app:1', volumes: [{type: tmpfs, target: /data}]}
                """
        },
        {
            "services/app/compose.yml": "services: {app: {image: 'home/app:1', volumes: ['${APP_MOUNT}']}}\n",
            "services/app/env.template": "APP_MOUNT=\n",
        },
        {"services/app/compose.yml": "services: {app: {image: 'home/app:1', volumes: ['/data:/data']}}\n"},
    ),
)

_PASSING = re.compile(
    r"node_modules|vendor|\.?venv|\.?cache|caches|tmp|temp|transcodes?|run|dist|build|\.next|target|__pycache__"
)


def check(subject: Subject) -> Iterator[Finding]:
    for _, service in subject.once(services_of):
        for mount in service.mounts:
            target = mount.target
            if mount.kind != "volume" or mount.source != "" or not isinstance(target, str) or not target:
                continue
            if not any(_PASSING.fullmatch(part) for part in target.lower().split("/")):
                message = f"{service.name}: what is in {target} has no name, and is lost with its container"
                remedy = f"give the volume a name, or mount a folder at {target}"
                yield Finding(CODE, mount.place, message, remedy, Severity.WARNING)


RULE = Rule(CODE, "anonymous-volume", Stage.SERVICE, Principle.P3, PAGE, check, Severity.WARNING)
