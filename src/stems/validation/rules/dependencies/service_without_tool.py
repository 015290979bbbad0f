"""A service that no tool takes."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import SERVICE_WITHOUT_TOOL
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Services without a `tool` where `domains.services` names none.",
    why="Nothing would start the service, and the file looks as if something did.",
    instead="Add `domains: {services: {tool: compose, source: services}}`, or a `tool` to the service.",
    bad={
        "config/cluster.yml": cluster("""
            services:
              web: {node: gate}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
)

RULE = Rule(
    SERVICE_WITHOUT_TOOL, "service-without-tool", Stage.DEPENDENCIES, Principle.P3, PAGE, told(SERVICE_WITHOUT_TOOL)
)
