"""Two files of a chezmoi source that make one target."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM311"

PAGE = Page(
    checks="Source names that differ in their attributes only: `dot_bashrc` beside `private_dot_bashrc.tmpl`.",
    why="`chezmoi add` was called again with another option. chezmoi refuses the whole source: `inconsistent state`.",
    instead="Keep one of the two.",
    bad={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/private_dot_bashrc": """
            alias la='ls -la'
            """,
    },
    good={
        "dotfiles/private_dot_bashrc": """
            alias ll='ls -l'
            alias la='ls -la'
            """,
    },
)

RULE = Rule(CODE, "two-chezmoi-sources", Stage.OWNERSHIP, Principle.D4, PAGE, told(CODE))
