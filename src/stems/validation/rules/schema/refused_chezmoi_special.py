"""A special file of chezmoi's that chezmoi refuses."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM317"

PAGE = Page(
    checks="""`.chezmoiroot` that leads out of the source, `.chezmoiversion` that is no version, and names that begin
with `.chezmoi` inside of folders such as `.chezmoitemplates` or `.chezmoiscripts`.""",
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
)

RULE = Rule(CODE, "refused-chezmoi-special", Stage.SCHEMA, Principle.O1, PAGE, told(CODE))
