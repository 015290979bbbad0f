"""A chezmoi source for another account than the one of SSH."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM315"

PAGE = Page(
    checks="`account` of a user domain whose tool is `chezmoi`.",
    why="chezmoi runs as the SSH user and writes to that home, whatever the file says.",
    instead="Use the tool `files` for another account, or leave `account` out.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: chezmoi, source: dotfiles, account: guest}
            """),
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: chezmoi, source: dotfiles}
            """),
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
    },
)

RULE = Rule(CODE, "chezmoi-for-another-account", Stage.SCHEMA, Principle.D4, PAGE, told(CODE))
