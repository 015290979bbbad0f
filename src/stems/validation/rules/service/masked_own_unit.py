"""A unit that cannot be masked, because its own file is in the way."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM565"

PAGE = Page(
    checks="Services with `state: masked` that bring the file of the unit themselves.",
    why="""A mask is a link in the place of the unit file. Where the service's own file lies there, `systemctl mask`
fails.""",
    instead="Write `state: stopped`, or leave the file out.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, state: masked}
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
              web: {node: gate, state: masked, unit: web.service}
            """),
    },
)

RULE = Rule(CODE, "masked-own-unit", Stage.SERVICE, Principle.D4, PAGE, told(CODE))
