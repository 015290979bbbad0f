"""A service that may take all memory of its node."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Service
from stems.validation.other_projects import silent_services
from stems.validation.page import Page
from stems.validation.per_project import PerProject
from stems.validation.projects import services_of
from stems.validation.rule import Rule
from stems.validation.services import is_one_shot, runs
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM513"

PAGE = Page(
    checks="""Services of Compose that run for long, with neither `mem_limit` nor `deploy.resources.limits.memory`.
Several in one project are one finding. Templates are meant where they say all of a service.""",
    why="""One leak is enough: the kernel ends the largest process to make room, which is the database of another
service or sshd, and a Raspberry Pi swaps until nobody can log in.""",
    instead="""Look at `docker stats` for what it needs, and give it twice that: `mem_limit: 512m`, or
`deploy.resources.limits.memory`.""",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                restart: unless-stopped
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                restart: unless-stopped
                mem_limit: 128m
            """,
    },
    also_bad=(
        {"roles/web/templates/docker-compose.yml.j2": "services:\n  web:\n    image: nginx:{{ tag }}\n"},
        # A reservation is no limit, and neither are processors.
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: nginx:1.27
                    deploy: {resources: {limits: {cpus: "0.5"}, reservations: {memory: 64M}}}
                """,
        },
        {
            "jellyfin/docker-compose.yml": """
                services:
                  jellyfin:
                    image: jellyfin/jellyfin:10.9.11
                    devices: ["/dev/dri:/dev/dri"]
                    volumes: ["./config:/config", "/srv/media:/media:ro"]
                    restart: unless-stopped
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', mem_limit: 0}}\n"},
    ),
    also_good=(
        {
            "roles/web/templates/docker-compose.yml.j2": """
                services:
                  web:
                    image: nginx:{{ tag }}
                    restart: always
                    mem_limit: {{ limit }}
                """,
            "roles/app/templates/docker-compose.yml.j2": """
                services:
                  app:
                    image: home/app:{{ tag }}
                    {{ app_more | to_nice_yaml | indent(4) }}
                """,
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: nginx:1.27
                    deploy: {resources: {limits: {memory: 64M}}}
                """,
        },
        {
            "services/web/compose.yml": """
                x-limits: &limits {deploy: {resources: {limits: {memory: 64M}}}}
                services:
                  web: {<<: *limits, image: "nginx:1.27"}
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', mem_limit: '${WEB_MEMORY:-64m}'}}\n"},
        {"services/backup/compose.yml": "services: {backup: {image: 'restic/restic:0.17', restart: 'no'}}\n"},
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/web/compose.override.yml": "services: {web: {mem_limit: 64m}}\n",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    for composed, service in (*subject.once(services_of), *silent_services(subject, "mem_limit", "memory")):
        if _is_limited(service) or not runs(service) or is_one_shot(composed, service):
            continue
        if composed.says_all("mem_limit", "memory"):
            message = f"{service.name}: has no limit of memory, so that one leak takes the whole node"
            remedy = "set `mem_limit`, or `deploy.resources.limits.memory`"
            yield Finding(CODE, service.place, message, remedy, Severity.WARNING)


def _is_limited(service: Service) -> bool:
    written = service.value.at("deploy", "resources", "limits", "memory")
    return written is not None or service.resources.memory not in (None, 0)


_FOLD = PerProject("have no limit of memory, so that one leak takes the whole node")

RULE = Rule(CODE, "missing-memory-limit", Stage.SERVICE, Principle.P5, PAGE, check, Severity.WARNING, _FOLD)
