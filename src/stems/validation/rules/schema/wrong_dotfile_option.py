"""An option of a source of dotfiles that has no effect, or cannot be read."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM305"

PAGE = Page(
    checks="`.stems-files.yml` in the source of the tool `files`: its keys, and the paths that `modes` names.",
    why="A mode for a path that does not exist protects nothing: the private key lies there, readable by all.",
    instead="Write the path as it is in the home, without `.j2`, and a directory with a slash at its end.",
    bad={
        "dotfiles/.stems-files.yml": """
            modes: {.ssh/confg: '0600'}
            """,
        "dotfiles/.ssh/config": """
            Host gate
            """,
    },
    good={
        "dotfiles/.stems-files.yml": """
            modes: {.ssh/config: '0600'}
            """,
        "dotfiles/.ssh/config": """
            Host gate
            """,
    },
    also_bad=(
        {
            "dotfiles/.stems-files.yml": """
                mode: {.ssh/config: '0600'}
                """,
            "dotfiles/.ssh/config": """
                Host gate
                """,
        },
    ),
)

RULE = Rule(CODE, "wrong-dotfile-option", Stage.SCHEMA, Principle.P3, PAGE, told(CODE))
