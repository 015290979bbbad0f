"""A class of change that is both automatic and manual."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import CONFLICTING_GATES
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="Classes that are in both lists of `gates`.",
    why="""A class of change either waits for a person or does not. Whoever reads the wrong one of two lists believes
that somebody will be asked.""",
    instead="Take it out of one list.",
    bad={
        "config/cluster.yml": cluster("""
            gates: {automatic: [user, service], manual: [service, network]}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            gates: {automatic: [user, service], manual: [network]}
            """),
    },
)

RULE = Rule(CONFLICTING_GATES, "conflicting-gates", Stage.SCHEMA, Principle.P4, PAGE, told(CONFLICTING_GATES))
