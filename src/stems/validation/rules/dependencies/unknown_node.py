"""A node that is named and nowhere declared."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import UNKNOWN_NODE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Nodes of services, of `rollout.order` and `rollout.pilot`, and one that `rollout.order` has twice.",
    why="""Nothing can be placed on a node that does not exist. A misspelt one in `rollout.order` leaves the real one
for the end.""",
    instead="Name a node that is under `nodes`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gaet}
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
    also_bad=(
        {
            "config/cluster.yml": cluster("""
                rollout: {order: [gate, gate]}
                """),
        },
        {
            "config/cluster.yml": cluster("""
                rollout: {pilot: work}
                """),
        },
    ),
)

RULE = Rule(UNKNOWN_NODE, "unknown-node", Stage.DEPENDENCIES, Principle.P3, PAGE, told(UNKNOWN_NODE))
