"""A file that stems reads and that cannot be read."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import UNREADABLE
from stems.validation.page import Page
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""`config/cluster.yml`, `config/exceptions.yml` and the YAML that tools read: that it is there, is a file
and no link, is UTF-8 text of at most 2 MiB, and is YAML without duplicate keys.""",
    why="""What cannot be read can only be guessed. YAML takes the second of two equal keys without a word, so that
half of a file is without effect, and a tab or a forgotten quote moves everything below it.""",
    instead="Correct the place that the finding names.",
    bad={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}}
              gate: {hostname: work, ssh: {host: work.example}}
            """,
    },
    good={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}}
              work: {hostname: work, ssh: {host: work.example}}
            """,
    },
    also_bad=(
        {
            "config/cluster.yml": b"version: 1\ncluster: {name: caf\xe9}\n",
        },
        {
            "config/exceptions.yml": """
                version: 1
                exceptions: [
                """,
        },
    ),
)

RULE = Rule(UNREADABLE, "unreadable-file", Stage.SYNTAX, Principle.P2, PAGE, told(UNREADABLE))
