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
    instead="""Name a node, role or architecture of `config/cluster.yml`. Or name the inventory that has the group in
`domains.system.inventory`, a path below `source`: it is then read beside the generated one, and the names of its nodes
must be those of the cluster.""",
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
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                nodes: {gate: {hostname: gate, ssh: {host: gate.example}}}
                domains: {system: {tool: ansible, source: ansible, inventory: hosts.ini}}
                """,
            "ansible/hosts.ini": "[home:children]\nrouters\n[routers]\ngate\n",
            "ansible/site.yml": "- hosts: home\n  tasks: []\n",
        },
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
