"""A file among units that systemd does not take for one."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM561"

PAGE = Page(
    checks="Names of files in the folder of a service of systemd: letters, digits and `@:_.\\-`.",
    why="systemd does not see a unit with a blank in its name, and says nothing about it.",
    instead="Rename it with `git mv`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/web.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=multi-user.target
            """,
        "services/web/web 2.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=multi-user.target
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/web.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=multi-user.target
            """,
        "services/web/web-2.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=multi-user.target
            """,
    },
)

RULE = Rule(CODE, "odd-unit-file", Stage.SCHEMA, Principle.P2, PAGE, told(CODE))
