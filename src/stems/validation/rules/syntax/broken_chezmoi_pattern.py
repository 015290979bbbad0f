"""A pattern of chezmoi that is none."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.dotfiles import refused_in
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM313"

PAGE = Page(
    checks="Lines of `.chezmoiignore` and `.chezmoiremove` with a bracket or brace that nothing closes.",
    why="chezmoi refuses the whole source because of one such line.",
    instead="Close the bracket or brace, or write a backslash before it.",
    bad={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/.chezmoiignore": """
            README.md
            .config/{kitty,foot
            """,
    },
    good={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/.chezmoiignore": """
            README.md
            .config/{kitty,foot}
            """,
    },
    also_bad=({"dotfiles/dot_bashrc": "a\n", "dotfiles/.chezmoiignore": "*.md\n[abc\n"},),
    also_good=(
        {"home/dot_bashrc": "a\n", "home/.chezmoiignore": "*.md\n{{ if .a }}\n.config/*\n{{ end }}\n"},
        {"home/dot_bashrc": "a\n", "home/.chezmoiignore": "[abc].md\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from refused_in(subject, CODE)


RULE = Rule(CODE, "broken-chezmoi-pattern", Stage.SYNTAX, Principle.P2, PAGE, check)
