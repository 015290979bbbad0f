"""A service that another one waits for, and that is nowhere declared."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import UNKNOWN_SERVICE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Names in `after` of services.",
    why="""A service cannot wait for one that does not exist. A misspelt name means that it starts too early, which
shows only after the next restart of the node.""",
    instead="Name a service that is under `services`, or drop it.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, after: [databse]}
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
              web: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
)

RULE = Rule(UNKNOWN_SERVICE, "unknown-service", Stage.DEPENDENCIES, Principle.P3, PAGE, told(UNKNOWN_SERVICE))
