"""A file in chezmoi's folder of scripts that is no script."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM314"

PAGE = Page(
    checks="Files in `.chezmoiscripts` whose name does not begin with `run_`.",
    why="chezmoi refuses the whole source: `not a script`.",
    instead="Let its name begin with `run_`, `run_once_` or `run_onchange_`.",
    bad={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/.chezmoiscripts/install.sh": """
            #!/bin/sh
            """,
    },
    good={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/.chezmoiscripts/run_once_install.sh": """
            #!/bin/sh
            """,
    },
)

RULE = Rule(CODE, "misnamed-chezmoi-script", Stage.SCHEMA, Principle.P3, PAGE, told(CODE))
