"""A play that reaches no node."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

CODE = "STM404"

PAGE = Page(
    checks="""`hosts` of plays, compared with nodes, roles and architectures of the cluster. With an inventory of your
own only Ansible knows its groups.""",
    why="Ansible skips such a play with a warning and succeeds: a misspelt group is never set up.",
    instead="Name a node, role or architecture of `config/cluster.yml`.",
    bad={
        "ansible/site.yml": """
            - hosts: gaet
              tasks:
                - ansible.builtin.package: {name: tmux}
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: gate
              tasks:
                - ansible.builtin.package: {name: tmux}
            """,
    },
    also_good=(
        {
            "ansible/site.yml": """
                - hosts: all:!work
                  tasks:
                    - ansible.builtin.package: {name: tmux}
                """,
        },
    ),
)

RULE = Rule(CODE, "hosts-without-node", Stage.DEPENDENCIES, Principle.P3, PAGE, told(CODE))
