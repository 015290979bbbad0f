"""A network or a volume that must be there before, and that nothing makes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.tools.compose.model.project import Named, Project
from stems.validation.page import Page
from stems.validation.projects import projects_of
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM531"

PAGE = Page(
    checks="""Networks and volumes with `external: true` that no other project of the repository makes, and no script or
playbook. It is told once for each name.""",
    why="""Somebody made it by hand, years ago. On a node that is set up anew nothing of what needs it starts: `network
proxy declared as external, but could not be found`.""",
    instead="""Let one project make it, with `name: proxy` under `networks`, or write the `docker network create` into
the playbook that sets the node up.""",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                networks: [proxy]
            networks:
              proxy: {external: true}
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                networks: [proxy]
            networks:
              proxy: {external: true}
            """,
        "services/traefik/compose.yml": """
            services:
              traefik:
                image: traefik:v3.1
                networks: [proxy]
            networks:
              proxy: {name: proxy}
            """,
    },
    also_bad=(
        {
            "services/db/compose.yml": """
                services:
                  db: {image: 'postgres:16', volumes: ['data:/var/lib/postgresql/data']}
                volumes: {data: {external: true, name: old_data}}
                """
        },
        # What Compose makes of `proxy` is called `traefik_proxy`.
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [proxy]}
                networks: {proxy: {external: true}}
                """,
            "services/traefik/compose.yml": """
                services:
                  traefik: {image: 'traefik:v3.1', networks: [proxy]}
                networks: {proxy: {}}
                """,
        },
    ),
    also_good=(
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [proxy]}
                networks: {proxy: {external: true, name: traefik_default}}
                """,
            "services/traefik/compose.yml": "services: {traefik: {image: 'traefik:v3.1'}}\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [proxy]}
                networks: {proxy: {external: true}}
                """,
            "setup.sh": "#!/bin/sh\ndocker network create --driver bridge proxy\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [proxy]}
                networks: {proxy: {external: true}}
                """,
            "roles/docker/tasks/main.yml": "- community.docker.docker_network:\n    name: proxy\n",
        },
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [proxy]}
                networks: {proxy: {external: true, name: '${PROXY_NETWORK}'}}
                """,
            "services/web/env.template": "PROXY_NETWORK=\n",
        },
        # These are always there.
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [host]}
                networks: {host: {external: true}}
                """
        },
    ),
)

_ALWAYS = frozenset({"host", "bridge", "none", "ingress"})
_MAKES = {
    "network": re.compile(r"network create|docker_network|network_create|NetworkName="),
    "volume": re.compile(r"volume create|docker_volume|volume_create|VolumeName="),
}


def check(subject: Subject) -> Iterator[Finding]:
    projects = [composed.project for composed in subject.once(projects_of)]
    for kind in _MAKES:
        made = {one.real_name for project in projects for one in _all(project, kind) if one.is_external is False}
        if kind == "network":
            made |= {f"{project.name}_default" for project in projects}
        texts: list[str] | None = None
        seen: set[object] = set(_ALWAYS if kind == "network" else ())
        for one in (one for project in projects for one in _all(project, kind)):
            name = one.real_name
            if one.is_external is not True or not isinstance(name, str) or name in made or name in seen:
                continue
            seen.add(name)
            texts = _makers(subject, kind) if texts is None else texts
            if not any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for text in texts):
                message = f"the {kind} {name} must be there before, and nothing in the repository makes it"
                remedy = f"let one project make it with `name: {name}`, or the playbook of the node"
                yield Finding(CODE, one.place, message, remedy, Severity.NOTE)


def _all(project: Project, kind: str) -> Iterator[Named]:
    yield from (project.networks if kind == "network" else project.volumes).values()


def _makers(subject: Subject, kind: str) -> list[str]:
    files = (file for file in subject.files if not file.is_documentation)
    return [file.text for file in files if _MAKES[kind].search(file.text)]


RULE = Rule(CODE, "unmade-external", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE)
