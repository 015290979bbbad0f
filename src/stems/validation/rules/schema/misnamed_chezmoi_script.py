"""A file in chezmoi's folder of scripts that is no script."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.dotfiles import refused_in
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

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
    also_bad=({"dotfiles/dot_bashrc": "a\n", "dotfiles/.chezmoiscripts/linux/once_install.sh.tmpl": "#!/bin/sh\n"},),
    also_good=(
        {"home/dot_bashrc": "a\n", "home/.chezmoiscripts/linux/run_onchange_after_install.sh.tmpl": "#!/bin/sh\n"},
        {"home/dot_bashrc": "a\n", "scripts/install.sh": "#!/bin/sh\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from refused_in(subject, CODE)


RULE = Rule(CODE, "misnamed-chezmoi-script", Stage.SCHEMA, Principle.P3, PAGE, check)
