"""A variable of a Compose file that nothing gives a value."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM504"

PAGE = Page(
    checks="""`${NAME}` without a default in Compose files, and names of `environment` without a value: whether the
variables of the cluster have it, or an `env.template` promises that the `.env` of the node does.""",
    why="""Compose puts nothing in its place and only warns: `image: web:` is refused, and an empty password is
accepted.""",
    instead="""Set it under `variables`, or name it in the `env.template` of the service and write it into the `.env`
of the node.""",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:${WEB_VERSION}"
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            variables: {WEB_VERSION: "1.27"}
            domains:
              services: {tool: compose, source: services}
            services:
              web: {node: gate}
            """),
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:${WEB_VERSION}"
            """,
    },
    also_good=(
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: "nginx:${WEB_VERSION}"
                """,
            "services/web/env.template": """
                WEB_VERSION=
                """,
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: "nginx:${WEB_VERSION:-1.27}"
                    command: echo $$HOME
                """,
        },
    ),
)

RULE = Rule(CODE, "variable-without-value", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE))
