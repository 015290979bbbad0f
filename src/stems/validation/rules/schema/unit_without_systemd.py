"""A key of units for a service that is none."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import UNIT_WITHOUT_SYSTEMD
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="`unit`, `scope`, `state` and `enabled` of services whose tool is not systemd.",
    why="The key is without effect, and the service runs as something else than the file says.",
    instead="Remove the key, or write `tool: systemd`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, unit: web.service}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, tool: systemd, unit: web.service}
            """),
    },
)

RULE = Rule(UNIT_WITHOUT_SYSTEMD, "unit-without-systemd", Stage.SCHEMA, Principle.P3, PAGE, told(UNIT_WITHOUT_SYSTEMD))
