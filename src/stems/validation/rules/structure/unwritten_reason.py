"""A service whose reason is still what `stems adopt` wrote for it."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding, Severity
from stems.model.principle import Principle
from stems.model.service import UNWRITTEN
from stems.validation.codes import UNWRITTEN_REASON
from stems.validation.page import Page, cluster
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="A service whose `reason` is still what `stems adopt` wrote for it.",
    why="""Why a service runs where it does is known by whoever put it there, and by nobody else: `stems adopt` leaves
it open. Without it nobody can tell two years later what may move to another node.""",
    instead="Say why it runs there, or remove the line.",
    bad={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              caddy: {node: gate, unit: caddy.service, reason: TO BE WRITTEN}
            """),
    },
    good={
        "config/cluster.yml": cluster("""
            domains:
              services: {tool: systemd, source: services}
            services:
              caddy: {node: gate, unit: caddy.service, reason: The only node with a public address}
            """),
    },
)


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


RULE = Rule(UNWRITTEN_REASON, "unwritten-reason", Stage.STRUCTURE, Principle.P3, PAGE, check, Severity.WARNING)
