"""A Compose project that cannot be read."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM501"

PAGE = Page(
    checks="""The Compose files of services and what they include: that they are there, are YAML and make one project.
What `only` of a service names must be in it.""",
    why="Compose refuses the project on the node, after other services were changed.",
    instead="Correct the place that the finding names.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:1.27
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:1.27"
            """,
    },
    also_bad=(
        {
            "services/web/compose.yml": "services:\n\tweb: {image: 'nginx:1.27'}\n",
        },
        {
            "config/cluster.yml": cluster("""
                domains:
                  services: {tool: compose, source: services}
                services:
                  web: {node: gate, only: [wbe]}
                """),
            "services/web/compose.yml": """
                services:
                  web: {image: "nginx:1.27"}
                """,
        },
    ),
)

RULE = Rule(CODE, "unreadable-project", Stage.SYNTAX, Principle.P2, PAGE, told(CODE))
