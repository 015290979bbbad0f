"""A role without variables whose name is nearly that of a role with some."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.suggestion import nearest
from stems.validation.codes import UNKNOWN_ROLE
from stems.validation.rule import Rule, Stage, Subject

WHY = """A role needs no entry under `roles:`, so that a misspelt one is a role of its own: its node silently gets none
of the variables, and belongs to another group."""


def check(subject: Subject) -> Iterator[Finding]:
    cluster = subject.cluster
    for name, node in cluster.nodes.items():
        meant = nearest(node.role, cluster.roles) if node.role and node.role not in cluster.roles else ""
        if meant:
            place = cluster.written.place("nodes", name, "role")
            message = f"nodes.{name}.role: `{node.role}` is not under `roles:`; did you mean `{meant}`?"
            yield Finding(
                UNKNOWN_ROLE, place, message, f"write `{meant}`, or add `{node.role}: {{}}`", Severity.WARNING
            )


RULE = Rule(UNKNOWN_ROLE, "unknown-role", Stage.CLUSTER, WHY, check, Severity.WARNING)
