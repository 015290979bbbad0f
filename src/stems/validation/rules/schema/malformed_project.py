"""A Compose file that Compose refuses."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.projects import refused
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM503"

PAGE = Page(
    checks="""Compose files as Compose reads them: keys that it does not have, values of the wrong kind, services
that wait for each other, two containers of one name. Compose files that no service has are read too; with a
`config/cluster.yml`, what is wrong there is a warning.""",
    why="Compose refuses the whole project because of one misspelt key, and only when it is started.",
    instead="Write the key that is meant; keys of your own begin with `x-`.",
    bad={
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            volume: {data: {}}
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            volumes: {data: {}}
            """,
    },
    also_bad=(
        {
            "services/web/compose.yml": """
                services:
                  web: {restart: always}
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', port: ['8080:80']}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', ports: ['8080:80:90']}}\n"},
        {
            "services/web/compose.yml": """
                services:
                  web: {image: 'nginx:1.27', container_name: web, deploy: {replicas: 2}}
                """
        },
        {
            "services/web/compose.yml": """
                services:
                  a: {image: 'nginx:1.27', depends_on: [b]}
                  b: {image: 'nginx:1.27', depends_on: [a]}
                """
        },
    ),
    also_good=(
        # The `.env` of what is included is on the node, as any other.
        {
            "services/web/compose.yml": "include: [{path: ../common/db.yml, env_file: [.env]}]\n",
            "services/web/env.template": "DB_TAG=\n",
            "services/common/db.yml": "services: {db: {image: 'postgres:${DB_TAG}', volumes: ['${DATA:-x}:/d']}}\n",
        },
        # A variable without a value is a finding of its own, wherever it is used.
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: nginx:1.27
                    ports: ["${WEB_PORT}:80"]
                    volumes: ["${MEDIA_ROOT}:/media", "${MEDIA_ROOT}:/again"]
                  files:
                    image: caddy:2.8
                    volumes: ["${MEDIA_ROOT:?where}:/media"]
                    mem_limit: ${LIMIT}
                """,
            "services/web/.env.example": "WEB_PORT=8080\n",
        },
        {
            "stacks/web/docker-compose.yml": """
                services:
                  web: {image: 'nginx:1.27', volumes: ['${A}:/a', '${A:?}:/b'], ports: ['${P}:80', '${P}:81']}
                """,
            "stacks/web/.env": "TZ=UTC\n",
        },
        {
            "services/web/compose.yml": """
                x-logging: &logging {driver: journald}
                services:
                  web: {image: "nginx:1.27", logging: *logging}
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', env_file: web.env}}\n"},
        {
            "services/web/compose.yml": "services: {web: {image: '${WEB_IMAGE}', ports: ['${WEB_PORT}:80']}}\n",
            "services/web/env.template": "WEB_IMAGE=\nWEB_PORT=\n",
        },
        # What it includes is not known.
        {"stacks/web/docker-compose.yml": "include: ['${STACKS}/web.yml']\n"},
        # Parts of a project that are not one by themselves.
        {
            "stacks/web/docker-compose.yml": """
                services:
                  web: {image: 'nginx:1.27', networks: [front]}
                networks: {front: {}}
                """,
            "stacks/web/docker-compose.dev.yml": "services: {web: {ports: ['8080:80'], networks: [back]}}\n",
        },
        {
            "stacks/web/docker-compose.base.yml": "services: {web: {image: 'nginx:1.27', networks: [front]}}\n",
            "stacks/web/docker-compose.prod.yml": "services: {web: {restart: always}}\nnetworks: {front: {}}\n",
        },
        {"config/app.yml": "services:\n  web:\n    port: 80\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from subject.told.get(CODE, ())
    yield from refused(subject, CODE)


RULE = Rule(CODE, "malformed-project", Stage.SCHEMA, Principle.P2, PAGE, check)
