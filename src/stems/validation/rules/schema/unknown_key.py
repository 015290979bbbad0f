"""A key of a stems file that means nothing there."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import UNKNOWN_KEY
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Keys of `config/cluster.yml` and `config/exceptions.yml` that do not exist at that place.",
    why="""A misspelt key is silently without effect: with `on_failiure: stop` a failed deployment is taken back all
the same.""",
    instead="""Write the key that is meant; the finding names those that are possible there. `stems schema` lets an
editor complete them.""",
    bad={
        "config/cluster.yml": cluster("""
            rollout: {on_failiure: stop}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            rollout: {on_failure: stop}
            """),
    },
    also_bad=(
        {
            "config/exceptions.yml": """
                version: 1
                exceptions:
                  - {allow: STM405, where: ansible/, reason: It only reads, untill: 2027-01-31}
                """,
        },
    ),
)

RULE = Rule(UNKNOWN_KEY, "unknown-key", Stage.SCHEMA, Principle.P3, PAGE, told(UNKNOWN_KEY))
