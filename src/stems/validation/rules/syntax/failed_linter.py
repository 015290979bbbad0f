"""A linter that was asked and has not answered."""

from __future__ import annotations

from stems.model.finding import Severity
from stems.model.principle import Principle
from stems.validation.codes import FAILED_LINTER
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""Linters of other people that failed, took too long, or printed what is no answer. One that is not
installed is named below the findings instead.""",
    why="""A linter that ends early has found nothing, and nothing looks like everything is well. What is not known
is not the same as what is good.""",
    instead="""Run it by hand in that folder: mostly its own configuration has a mistake, or it is too old. With
`--no-linters` none is asked.""",
    bad={
        ".yamllint": """
            extends: defualt
            """,
        "services/web/compose.yml": """
            services: {web: {image: "nginx:1.27.3"}}
            """,
    },
    good={
        ".yamllint": """
            extends: default
            """,
        "services/web/compose.yml": """
            services: {web: {image: "nginx:1.27.3"}}
            """,
    },
)

RULE = Rule(FAILED_LINTER, "failed-linter", Stage.SYNTAX, Principle.O4, PAGE, told(FAILED_LINTER), Severity.WARNING)
