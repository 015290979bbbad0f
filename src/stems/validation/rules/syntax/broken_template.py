"""A template that cannot be rendered for every node."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM301"

PAGE = Page(
    checks="""Templates of the tool `files`: each is rendered for each node. A mistake in it, and a variable that a
node does not have, are found.""",
    why="A template that works for the two nodes that have a variable stops the deployment on the third one.",
    instead="Correct the template, or give every node the variable: `stems variables NODE` shows what a node has.",
    bad={
        "dotfiles/.gitconfig.j2": """
            [user]
                email = {{ mail }}
            """,
    },
    good={
        "config/cluster.yml": cluster("""
            variables: {mail: me@home.example}
            domains:
              user: {tool: files, source: dotfiles}
            """),
        "dotfiles/.gitconfig.j2": """
            [user]
                email = {{ mail }}
            """,
    },
    also_bad=(
        {
            "dotfiles/.gitconfig.j2": """
                [user]
                    name = {% if node_name %}x
                """,
        },
    ),
    also_good=(
        {
            "dotfiles/.config/handlebars.html": """
                <p>{{#if name}}{{ name }}{{/if}}</p>
                """,
        },
        {
            "dotfiles/.gitconfig.j2": """
                [user]
                    email = {{ mail | default('me') }}
                """,
        },
    ),
)

RULE = Rule(CODE, "broken-template", Stage.SYNTAX, Principle.P2, PAGE, told(CODE))
