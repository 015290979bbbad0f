"""An environment file that the repository does not have."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM505"

PAGE = Page(
    checks="""`env_file` of services: files that are neither in Git nor promised by an `env.template`. One with
`required: false` is not meant.""",
    why="""Git ignores the file, so it lies on the machine of whoever wrote it. Compose refuses the project on every
node without it.""",
    instead="Add it if it holds no secret, or write an `env.template` with its keys and the file on the node.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:1.27"
                env_file: web.env
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: "nginx:1.27"
                env_file: web.env
            """,
        "services/web/web.env": """
            GREETING=hello
            """,
    },
    also_good=(
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: "nginx:1.27"
                    env_file: [{path: web.env, required: false}]
                """,
        },
        {
            "services/web/compose.yml": """
                services:
                  web:
                    image: "nginx:1.27"
                    env_file: .env
                """,
        },
    ),
)

RULE = Rule(CODE, "missing-env-file", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE), Severity.WARNING)
