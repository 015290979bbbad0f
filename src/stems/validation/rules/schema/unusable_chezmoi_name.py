"""A name in a chezmoi source that is no name of a target."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

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
)

RULE = Rule(CODE, "unusable-chezmoi-name", Stage.SCHEMA, Principle.P2, PAGE, told(CODE))
