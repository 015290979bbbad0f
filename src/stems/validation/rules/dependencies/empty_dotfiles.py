"""A folder of dotfiles in which Git has nothing."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM300"

PAGE = Page(
    checks="The `source` of a user domain with the tool `files`, when no tracked file is in it.",
    why="""`source` was misspelt, or the files were never added to Git. A deployment of nothing would remove every
file that was deployed from there.""",
    instead="Commit the dotfiles, or correct `source`.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: files, source: dotfile}
            """),
        "dotfiles/.tmux.conf": """
            set -g mouse on
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: files, source: dotfiles}
            """),
        "dotfiles/.tmux.conf": """
            set -g mouse on
            """,
    },
)

RULE = Rule(CODE, "empty-dotfiles", Stage.DEPENDENCIES, Principle.D2, PAGE, told(CODE))
