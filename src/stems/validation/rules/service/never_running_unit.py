"""A unit that ends by itself and is declared to be running."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM563"

PAGE = Page(
    checks="Units of services with `state: running` that have `Type=oneshot` and no `RemainAfterExit=yes`.",
    why="Such a unit is done as soon as it ran, so that the service is never healthy and every deployment of it fails.",
    instead="Add `RemainAfterExit=yes`, or a timer that starts it.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/web.service": """
            [Service]
            Type=oneshot
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
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/usr/bin/web

            [Install]
            WantedBy=multi-user.target
            """,
    },
    also_good=(
        {
            "config/cluster.yml": cluster("""
                domains:
                  services: {tool: systemd, source: services}
                services:
                  web: {node: gate}
                """),
            "services/web/web.service": """
                [Service]
                Type=oneshot
                ExecStart=/usr/bin/web
                """,
            "services/web/web.timer": """
                [Timer]
                OnCalendar=daily

                [Install]
                WantedBy=timers.target
                """,
        },
    ),
)

RULE = Rule(CODE, "never-running-unit", Stage.SERVICE, Principle.O4, PAGE, told(CODE))
