"""A deadline in which no node can become healthy."""

from __future__ import annotations

from stems.model.principle import Principle
from stems.validation.codes import SHORT_DEADLINE
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule, told
from stems.validation.stage import Stage

PAGE = Page(
    checks="`rollout.deadline`, which must be longer than `rollout.healthy_for`.",
    why="""A node counts as healthy when it has been so for `healthy_for`. With a shorter deadline every deployment
fails on its pilot and is taken back.""",
    instead="Give more time, or ask for a shorter one of health.",
    bad={
        "config/cluster.yml": cluster("""
            rollout: {healthy_for: 60s, deadline: 30s}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            rollout: {healthy_for: 60s, deadline: 5m}
            """),
    },
)

RULE = Rule(SHORT_DEADLINE, "short-deadline", Stage.SCHEMA, Principle.O1, PAGE, told(SHORT_DEADLINE))
