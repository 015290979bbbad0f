"""A key without which a stems file does not say enough."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import MISSING_KEY
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Keys of `config/cluster.yml` and `config/exceptions.yml` that must be there.",
    why="""stems never guesses a path, an owner or an address: a guess is right on the machine where it was tried and
wrong on the others.""",
    instead="Add the key.",
    bad={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}}
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
            "config/exceptions.yml": """
                version: 1
                exceptions:
                  - {allow: STM405, where: ansible/}
                """,
        },
    ),
)

RULE = Rule(MISSING_KEY, "missing-key", Stage.SCHEMA, Principle.P3, PAGE, told(MISSING_KEY))
