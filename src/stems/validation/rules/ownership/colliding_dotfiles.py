"""Two files of the source that go to one path of the home."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM302"

PAGE = Page(
    checks="""Names in the source of the tool `files`: `.bashrc` beside `.bashrc.j2`, and a file where another one
needs a folder.""",
    why="Both would be written, and which one is left depends on their order.",
    instead="Keep one of the two, or list one under `ignore` of the source's options.",
    bad={
        "dotfiles/.bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/.bashrc.j2": """
            alias node='echo {{ node_name }}'
            """,
    },
    good={
        "dotfiles/.bashrc.j2": """
            alias ll='ls -l'
            alias node='echo {{ node_name }}'
            """,
    },
)

RULE = Rule(CODE, "colliding-dotfiles", Stage.OWNERSHIP, Principle.D4, PAGE, told(CODE))
