"""A network, a volume, a secret, a config or a service that is named and nowhere defined."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.tools.compose.model.reading import UNDEFINED
from stems.validation.page import Page
from stems.validation.projects import refused
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="""Networks, volumes, secrets and configs that services of a Compose project name, and that are not at the
top of its files; services that `depends_on`, `links`, `network_mode` and others name, and that the project does not
have. Where a file of the project is out of sight nothing is said. What only a profile starts is a warning, and so is a
project that no service has, beside a `config/cluster.yml`.""",
    why="""Compose refuses the whole project: `service web refers to undefined network proxy`. A service was renamed in
one place, or copied from a project that had the network.""",
    instead="Define it at the top of the file, or correct the name; the finding names one that is alike.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                networks: [proxy]
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
    },
    also_bad=(
        {
            "services/web/compose.yml": """
                services:
                  web: {image: "nginx:1.27", networks: {front: {aliases: [web]}}}
                networks: {frnt: {}}
                """,
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', volumes: ['data:/srv']}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', depends_on: [db]}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', secrets: [token]}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', configs: [{source: site, target: /a}]}}\n"},
        {"services/vpn/compose.yml": "services: {torrent: {image: 'home/a:1', network_mode: 'service:vpn'}}\n"},
        # What an anchor brings into every service.
        {
            "services/media/compose.yml": """
                x-common: &common {restart: unless-stopped, networks: [media]}
                services:
                  sonarr: {<<: *common, image: "lscr.io/linuxserver/sonarr:4.0.9"}
                # networks: {media: {}}
                """,
        },
    ),
    also_good=(
        # Laid over it, it has one.
        {
            "stacks/web/compose.yml": "services: {web: {image: 'nginx:1.27', depends_on: [db]}}\n",
            "stacks/web/compose.db.yml": "services:\n  db:\n    image: redis:7.4\n",
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', networks: [default]}}\n"},
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', volumes: ['./data:/srv', '/srv/b:/b']}}\n"},
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', networks: [front]}}\n",
            "services/web/compose.override.yml": "networks: {front: {}}\n",
        },
        {
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27', networks: ['${WEB_NETWORK}']}}\n",
            "services/web/env.template": "WEB_NETWORK=\n",
        },
        {
            "services/web/compose.yml": "include: [db.yml]\nservices: {web: {image: 'nginx:1.27', depends_on: [db]}}\n",
            "services/web/db.yml": "services: {db: {image: 'postgres:16'}}\n",
        },
        {"services/web/compose.yml": "services: {web: {image: 'nginx:1.27', network_mode: 'container:vpn'}}\n"},
        {"archive/web/compose.yml": "services: {web: {image: 'nginx:1.27', networks: [front]}}\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from subject.told.get(UNDEFINED, ())
    yield from refused(subject, UNDEFINED)


RULE = Rule(UNDEFINED, "undefined-name", Stage.DEPENDENCIES, Principle.P3, PAGE, check)
