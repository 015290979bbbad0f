"""A Compose file that Compose refuses."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM503"

PAGE = Page(
    checks="""Top-level keys of Compose files, names of projects and services, and services with neither an image nor
a build.""",
    why="Compose refuses the whole project because of one misspelt key, and only when it is started.",
    instead="Write the key that is meant; keys of your own begin with `x-`.",
    bad={
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            volume: {data: {}}
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web: {image: "nginx:1.27"}
            volumes: {data: {}}
            """,
    },
    also_bad=(
        {
            "services/web/compose.yml": """
                services:
                  web: {restart: always}
                """,
        },
    ),
    also_good=(
        {
            "services/web/compose.yml": """
                x-logging: &logging {driver: journald}
                services:
                  web: {image: "nginx:1.27", logging: *logging}
                """,
        },
    ),
)

RULE = Rule(CODE, "malformed-project", Stage.SCHEMA, Principle.P2, PAGE, told(CODE))
