"""A special file of chezmoi's that chezmoi refuses."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.validation.dotfiles import refused_in
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

CODE = "STM317"

PAGE = Page(
    checks="""`.chezmoiroot` that leads out of the source or to nothing, `.chezmoiversion` that is no version, and
names that begin with `.chezmoi` inside of folders such as `.chezmoitemplates` or `.chezmoiscripts`.""",
    why="""chezmoi refuses the whole source for it: no dotfile of any node can be planned or applied, and the plan only
says so after every node was asked.""",
    instead="Correct the file, or move it to where chezmoi takes it.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              user: {tool: chezmoi, source: dotfiles}
            """),
        "dotfiles/dot_bashrc": """
            alias ll='ls -l'
            """,
        "dotfiles/.chezmoiversion": """
            latest
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
        "dotfiles/.chezmoiversion": """
            2.71.0
            """,
    },
    also_bad=(
        {"dotfiles/dot_bashrc": "a\n", "dotfiles/.chezmoiversion": "newest\n"},
        {"dotfiles/dot_bashrc": "a\n", "dotfiles/.chezmoitemplates/.chezmoiignore": "a\n"},
    ),
    also_good=(
        {".chezmoiroot": "home\n", "home/dot_bashrc": "a\n"},
        {"home/dot_bashrc": "a\n", "home/.chezmoiversion": "2.46.1\n", "home/.chezmoitemplates/a.tmpl": "a\n"},
        {"home/dot_bashrc": "a\n", "home/dot_config/.chezmoiignore": "a\n"},
    ),
)


def check(subject: Subject) -> Iterator[Finding]:
    yield from refused_in(subject, CODE)


RULE = Rule(CODE, "refused-chezmoi-special", Stage.SCHEMA, Principle.O1, PAGE, check)
