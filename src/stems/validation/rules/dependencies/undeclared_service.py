"""A folder of a service that nobody runs."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM502"

PAGE = Page(
    checks="Folders in the source of the services domain with a Compose file, and no service of `config/cluster.yml`.",
    why="""Somebody reads the folder and believes that the service runs. Or it does run, started by hand, and nobody
knows how it is doing.""",
    instead="""Declare it under `services`, or move it to `archive/`, which nobody deploys. `stems adopt` writes the
entry of one that runs.""",
    bad={
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
        "services/old/compose.yml": """
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
    also_good=(
        # What is only laid over the project of another folder.
        {
            "config/cluster.yml": cluster("""
                domains:
                  services: {tool: compose, source: services}
                services:
                  web: {node: gate}
                """),
            "services/web/compose.yml": "services: {web: {image: 'nginx:1.27'}}\n",
            "services/gate/compose.override.yaml": "services: {web: {mem_limit: 64m}}\n",
        },
    ),
)

RULE = Rule(CODE, "undeclared-service", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE), Severity.NOTE)
