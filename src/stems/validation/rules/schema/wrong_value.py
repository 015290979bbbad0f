"""A value that is not of the kind that its key needs."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import WRONG_VALUE
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Values of `config/cluster.yml` and `config/exceptions.yml`: their kind, range and form.",
    why="""YAML makes a number of `1.10` and a list of one item is no text. A value of another kind means something
else to each tool that gets it.""",
    instead="Write a value of the kind that the finding names.",
    bad={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example, port: ssh}}
            """,
    },
    good={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example, port: 22}}
            """,
    },
    also_bad=(
        {
            "config/exceptions.yml": """
                version: 1
                exceptions:
                  - {allow: E501, where: ansible/, reason: It is long}
                """,
        },
    ),
)

RULE = Rule(WRONG_VALUE, "wrong-value", Stage.SCHEMA, Principle.P2, PAGE, told(WRONG_VALUE))
