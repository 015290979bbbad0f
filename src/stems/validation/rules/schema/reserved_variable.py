"""A variable with a name that stems itself sets."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import RESERVED_VARIABLE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="""Variables of the cluster, an architecture, a role or a node that are called like one of stems:
`node_name`, `nodes`, `HOSTNAME` and so on.""",
    why="""Templates rely on these names. A `node_name` that somebody set for one node would give all its files the
name of another one.""",
    instead="Choose another name. `stems variables NODE` lists those that are taken.",
    bad={
        "config/cluster.yml": cluster("""
            variables: {node_name: gateway}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            variables: {shown_name: gateway}
            """),
    },
)

RULE = Rule(RESERVED_VARIABLE, "reserved-variable", Stage.SCHEMA, Principle.D4, PAGE, told(RESERVED_VARIABLE))
