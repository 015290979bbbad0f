"""A node whose name means something else already."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import RESERVED_NODE_NAME
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""Nodes that are called `all`, `localhost` or `ungrouped`, or like a role or an architecture of another
node.""",
    why="""Ansible takes a name of both a node and a group for the node, and the rest of the group is lost. A node
`all` would get every service.""",
    instead="Choose another name.",
    bad={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              localhost: {hostname: gate, ssh: {host: gate.example}}
            """,
    },
    good={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}}
            """,
    },
    also_bad=(
        {
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                nodes:
                  gate: {hostname: gate, ssh: {host: gate.example}}
                  work: {hostname: work, ssh: {host: work.example}, role: gate}
                """,
        },
    ),
    also_good=(
        {
            "config/cluster.yml": """
                version: 1
                cluster: {name: home}
                checkout: ~/home-config
                nodes:
                  gate: {hostname: gate, ssh: {host: gate.example}, role: gate}
                """,
        },
    ),
)

RULE = Rule(RESERVED_NODE_NAME, "reserved-node-name", Stage.SCHEMA, Principle.P3, PAGE, told(RESERVED_NODE_NAME))
