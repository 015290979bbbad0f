"""An exception that does not say why."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM121"

PAGE = Page(
    checks="Comments `# stems: allow CODE` without a reason behind the code.",
    why="""A year later nobody knows whether the exception still holds, so that it stays for ever. An exception with a
reason can be judged again.""",
    instead="Say why after the code: `# stems: allow STM405: asks the vendor's tool, which has no other way`.",
    bad={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx # stems: allow STM510
            """,
    },
    good={
        "services/web/compose.yml": """
            services:
              web:
                image: nginx # stems: allow STM510: the newest is what it is for
            """,
    },
)

RULE = Rule(CODE, "exception-without-reason", Stage.SCHEMA, Principle.P3, PAGE, told(CODE))
