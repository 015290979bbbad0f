"""A network or a volume that must be there before, and that nothing makes."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.externals import KINDS, is_made_by_hand, made_by, named_of
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


def check(subject: Subject) -> Iterator[Finding]:
    projects = [composed.project for composed in subject.once(projects_of)]
    for kind in KINDS:
        made = {name for project in projects for name in made_by(project, kind)}
        seen: set[object] = set(_ALWAYS if kind == "network" else ())
        for one in (one for project in projects for one in named_of(project, kind)):
            name = one.real_name
            if one.is_external is not True or not isinstance(name, str) or name in made or name in seen:
                continue
            seen.add(name)
            if not is_made_by_hand(subject, kind, name):
                message = f"the {kind} {name} must be there before, and nothing in the repository makes it"
                remedy = f"let one project make it with `name: {name}`, or the playbook of the node"
                yield Finding(CODE, one.place, message, remedy, Severity.NOTE)


RULE = Rule(
    CODE, "unmade-external", Stage.DEPENDENCIES, Principle.P3, PAGE, check, Severity.NOTE, needs_every_file=True
)
