"""A chezmoi source in which Git has no target."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM310"

PAGE = Page(
    checks="""The `source` of a user domain with the tool `chezmoi`, when nothing that is tracked in it becomes a file
of a home.""",
    why="`source` was misspelt, or a `.chezmoiroot` names another folder. chezmoi succeeds and does nothing.",
    instead="Commit the dotfiles, or correct `source`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: chezmoi, source: dotfiles}
            """),
        "dotfiles/.chezmoiroot": """
            home
            """,
        "dotfiles/dot_tmux.conf": """
            set -g mouse on
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: chezmoi, source: dotfiles}
            """),
        "dotfiles/dot_tmux.conf": """
            set -g mouse on
            """,
    },
)

RULE = Rule(CODE, "empty-chezmoi-source", Stage.DEPENDENCIES, Principle.D2, PAGE, told(CODE))
