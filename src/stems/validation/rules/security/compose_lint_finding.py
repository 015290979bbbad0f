"""What compose-lint finds in Compose files."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.codes import COMPOSE_LINT
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""Compose files by [compose-lint](https://pypi.org/project/compose-lint/) where it is installed. A
`.compose-lint.yml` above them says what it looks for. Without one only what it calls critical or high counts, and a
port that the whole home network reaches is a note. What a rule of stems says of the same line is not said twice.""",
    why="""A container that has a device, a folder or a right of its node that it does not need gives it to whoever
breaks into the service: the smallest of a homelab is then the way to all of it.""",
    instead="""Take away what the service does not need: `compose-lint --explain CODE` shows how. What it does need
is an exception with the reason, here or in `.compose-lint.yml`.""",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                volumes: ["/etc:/host/etc"]
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx:1.27.3
                volumes: ["/etc/localtime:/etc/localtime:ro"]
            """,
    },
)

RULE = Rule(
    COMPOSE_LINT, "compose-lint-finding", Stage.SECURITY, Principle.P3, PAGE, told(COMPOSE_LINT), Severity.WARNING
)
