"""A file without content of which chezmoi makes no target, but removes it."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.validation.dotfiles import refused_in
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM319"

PAGE = Page(
    checks="Files of a chezmoi source that hold nothing but blanks, and whose names have no `empty_`.",
    why="""chezmoi removes the target of a file without content. Somebody who made `dot_hushlogin` to have an empty
`~/.hushlogin` loses the one that is there.""",
    instead="Put `empty_` into its name, as `chezmoi chattr` does; or begin it with `remove_`, where that is meant.",
    bad={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/dot_hushlogin": "",
    },
    good={
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/empty_dot_hushlogin": "",
    },
    also_bad=({"home/dot_bashrc": "a\n", "home/private_dot_config/executable_run": " \n"},),
    also_good=(
        {
            "home/dot_bashrc": "a\n",
            "home/remove_dot_hushlogin": "",
            "home/create_dot_local": "",
            "home/dot_d/.keep": "",
        },
        {
            "home/dot_bashrc": "a\n",
            "home/dot_rc.tmpl": "",
            "home/.chezmoiignore": "dot_old\n.old\n",
            "home/dot_old": "",
        },
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from refused_in(subject, CODE)


RULE = Rule(CODE, "emptied-dotfile", Stage.STRUCTURE, Principle.P3, PAGE, check, Severity.WARNING)
