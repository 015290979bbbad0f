"""A variable that hides chezmoi's own data."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM316"

PAGE = Page(
    checks="Variables of the cluster with the name `chezmoi`.",
    why="Templates read `.chezmoi.hostname` and the like; a variable of that name takes the place of all of them.",
    instead="Give the variable another name.",
    bad={
        "config/cluster.yml": cluster("""
            variables: {chezmoi: 2.72}
            domains:
              user: {tool: chezmoi, source: dotfiles}
            """),
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            variables: {chezmoi_version: 2.72}
            domains:
              user: {tool: chezmoi, source: dotfiles}
            """),
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
    },
)

RULE = Rule(CODE, "reserved-chezmoi-data", Stage.SCHEMA, Principle.D4, PAGE, told(CODE))
