"""Services that wait for each other."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import CIRCULAR_AFTER
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Circles in `after` of services.",
    why="Services that wait for each other have no order in which they could be started.",
    instead="Drop one `after` of the circle.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, after: [store]}
              store: {node: gate, after: [web]}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
        "services/store/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate, after: [store]}
              store: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
        "services/store/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            """,
    },
)

RULE = Rule(CIRCULAR_AFTER, "circular-after", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CIRCULAR_AFTER))
