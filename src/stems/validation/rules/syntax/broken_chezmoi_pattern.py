"""A pattern of chezmoi that is none."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

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
)

RULE = Rule(CODE, "broken-chezmoi-pattern", Stage.SYNTAX, Principle.P2, PAGE, told(CODE))
