"""A key of projects for a service that is none."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import PROJECT_WITHOUT_COMPOSE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="`project`, `folder` and `only` of services whose tool is not Compose.",
    why="The key is silently without effect.",
    instead="Remove the key, or write `tool: compose`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, tool: systemd, unit: web.service, project: web}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, project: web}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
)

RULE = Rule(
    PROJECT_WITHOUT_COMPOSE, "project-without-compose", Stage.SCHEMA, Principle.P3, PAGE, told(PROJECT_WITHOUT_COMPOSE)
)
