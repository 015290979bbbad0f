"""A symbolic link of the dotfiles that leads out of the home."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Link, Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM304"

PAGE = Page(
    checks="Symbolic links in the source of the tool `files`: absolute ones, and relative ones that leave the home.",
    why="""The link was made on one machine, where its target is. On the other nodes it leads nowhere, or to another
account's files.""",
    instead="Let it point, relative, to something in the home.",
    bad={
        "dotfiles/.config/alacritty.yml": Link("/home/owner/themes/dark.yml"),
        "dotfiles/themes/dark.yml": """
            dark: true
            """,
    },
    good={
        "dotfiles/.config/alacritty.yml": Link("../themes/dark.yml"),
        "dotfiles/themes/dark.yml": """
            dark: true
            """,
    },
)

RULE = Rule(CODE, "link-out-of-home", Stage.STRUCTURE, Principle.P1, PAGE, told(CODE))
