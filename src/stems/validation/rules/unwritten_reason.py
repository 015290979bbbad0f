"""A service whose reason is still what `stems adopt` wrote for it."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.service import UNWRITTEN
from stems.validation.codes import UNWRITTEN_REASON
from stems.validation.rule import Rule, Stage, Subject

WHY = """Why a service runs where it does is known by whoever put it there, and by nobody else: `stems adopt` leaves it
open. Without it nobody can tell later what may move."""


def check(subject: Subject) -> Iterator[Finding]:
    for service in subject.cluster.services.values():
        if service.reason == UNWRITTEN:
            yield Finding(
                UNWRITTEN_REASON,
                subject.cluster.written.place("services", service.name, "reason"),
                f"services.{service.name}: the reason is still to be written",
                f"say why it runs on {', '.join(service.nodes)}, or remove the line",
                Severity.WARNING,
            )


RULE = Rule(UNWRITTEN_REASON, "unwritten-reason", Stage.CLUSTER, WHY, check, Severity.WARNING)
