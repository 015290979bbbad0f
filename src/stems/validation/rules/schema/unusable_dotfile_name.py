"""A path of the source that cannot be one of a home."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM303"

PAGE = Page(
    checks="""Names in the source of the tool `files`: control characters, names that are only `.j2`, submodules, and
the folder where stems keeps its own state.""",
    why="""Such a name comes from a slip in a shell. It cannot be shown as it is, or it would be written over what
stems knows of the node.""",
    instead="Rename it with `git mv`, or take it out of Git.",
    bad={
        "dotfiles/.local/state/stems/note": """
            mine
            """,
    },
    good={
        "dotfiles/.local/state/note": """
            mine
            """,
    },
)

RULE = Rule(CODE, "unusable-dotfile-name", Stage.SCHEMA, Principle.P2, PAGE, told(CODE))
