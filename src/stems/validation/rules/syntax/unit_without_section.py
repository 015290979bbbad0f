"""A unit file without any section."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM562"

PAGE = Page(
    checks="Unit files of services of systemd that have no line such as `[Service]`.",
    why="systemd ignores every line before the first section, with a warning in the journal only.",
    instead="Write it as systemd reads it.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/web.service": """
            ExecStart=/usr/bin/web
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
    },
)

RULE = Rule(CODE, "unit-without-section", Stage.SYNTAX, Principle.P2, PAGE, told(CODE))
