"""A name in a chezmoi source that is no name of a target."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.dotfiles import refused_in
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM312"

PAGE = Page(
    checks="""Names of a chezmoi source: control characters, and names of which nothing is left without their
attributes.""",
    why="`private_` alone names nothing, and chezmoi refuses the whole source because of it.",
    instead="Rename it with `git mv`.",
    bad={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/private_": """
            x
            """,
    },
    good={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/private_notes": """
            x
            """,
    },
    also_bad=({"dotfiles/dot_bashrc": "a\n", "dotfiles/private_executable_": "a\n"},),
    also_good=({"home/dot_bashrc": "a\n", "home/executable_dot_a": "a\n"}, {"bin/private_": "a\n"}),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from refused_in(subject, CODE)


RULE = Rule(CODE, "unusable-chezmoi-name", Stage.SCHEMA, Principle.P2, PAGE, check)
