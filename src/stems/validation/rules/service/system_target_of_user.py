"""A unit of a user that waits for a target which only the system has."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM564"

PAGE = Page(
    checks="`WantedBy` and `RequiredBy` with `multi-user.target` or `graphical.target` in units with `scope: user`.",
    why="The manager of a user has no such target: the unit is enabled and never started after a restart of the node.",
    instead="Write `WantedBy=default.target`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, scope: user}
            """),
        "services/web/web.service": """
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
              web: {node: gate, scope: user}
            """),
        "services/web/web.service": """
            [Service]
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=default.target
            """,
    },
)

RULE = Rule(CODE, "system-target-of-user", Stage.SERVICE, Principle.P3, PAGE, told(CODE))
