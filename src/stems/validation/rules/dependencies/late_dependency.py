"""A service that must start after one whose node comes later in the rollout."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.cluster import Cluster
from stems.model.finding import Finding
from stems.model.principle import Principle
from stems.model.service import Service
from stems.validation.codes import LATE_DEPENDENCY
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="A service whose `after` names one on a node that comes later in the rollout.",
    why="""Nodes are deployed one at a time. A service that needs a database on a later node starts against its old
version, or against nothing when both are deployed for the first time.""",
    instead="Change `rollout.order` or `rollout.pilot`, so that the node of the other service comes first.",
    bad={
        "config/cluster.yml": """
            version: 1
            cluster: {name: home}
            checkout: ~/home-config
            nodes:
              gate: {hostname: gate, ssh: {host: gate.example}}
              work: {hostname: work, ssh: {host: work.example}}
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, unit: web.service, after: [store]}
              store: {node: work, unit: store.service}
            rollout: {order: [gate, work]}
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
            domains:
              services: {tool: systemd, source: services}
            services:
              web: {node: gate, unit: web.service, after: [store]}
              store: {node: work, unit: store.service}
            rollout: {order: [work, gate]}
            """,
    },
)


def check(subject: Subject) -> Iterator[Finding]:
    cluster = subject.cluster
    order = {node.name: position for position, node in enumerate(cluster.in_rollout_order())}
    for service in cluster.services.values():
        for index, name in enumerate(service.after):
            other = cluster.services.get(name)
            late = _late(service, other, order) if other else None
            if late:
                place = cluster.written.place("services", service.name, "after", index)
                message = f"services.{service.name}.after: `{name}` on {late[1]} comes after {late[0]} in the rollout"
                also = cluster.written.place("rollout", "pilot" if cluster.rollout.pilot == late[0] else "order")
                yield Finding(LATE_DEPENDENCY, place, message, _remedy(cluster, *late), also=(also,))


def _late(service: Service, other: Service, order: dict[str, int]) -> tuple[str, str] | None:
    """A node of the service, and a later one of the other; a node that runs both is in order by itself."""
    apart = [node for node in service.nodes if node not in set(other.nodes)]
    if not apart or not other.nodes:
        return None
    first, last = min(apart, key=order.__getitem__), max(other.nodes, key=order.__getitem__)
    return (first, last) if order[last] > order[first] else None


def _remedy(cluster: Cluster, early: str, late: str) -> str:
    if cluster.rollout.pilot == early:
        # The pilot comes first, wherever `order` has it.
        return f"let another node than {early} be `rollout.pilot`, or drop the `after`"
    return f"put {late} before {early} in `rollout.order`, or drop the `after`"


RULE = Rule(LATE_DEPENDENCY, "late-dependency", Stage.DEPENDENCIES, Principle.P3, PAGE, check)
