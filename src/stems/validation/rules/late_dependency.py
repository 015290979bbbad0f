"""A service that must start after one whose node comes later in the rollout."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.cluster import Cluster
from stems.model.finding import Finding
from stems.model.service import Service
from stems.validation.codes import LATE_DEPENDENCY
from stems.validation.rule import Rule, Stage, Subject

WHY = """Nodes are deployed one at a time. A service would start against the old version of what it waits for, or
against nothing when it is deployed first."""


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


RULE = Rule(LATE_DEPENDENCY, "late-dependency", Stage.CLUSTER, WHY, check)
