"""A service that must start after one whose node comes later in the rollout."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.service import Service
from stems.validation.codes import LATE_DEPENDENCY
from stems.validation.rule import Rule, Stage, Subject

WHY = """Nodes are deployed one at a time. A service would start against the old version of what it waits for, or
against nothing when it is deployed first."""


def check(subject: Subject) -> Iterator[Finding]:
    order = {node.name: position for position, node in enumerate(subject.cluster.in_rollout_order())}
    for service in subject.cluster.services.values():
        for index, name in enumerate(service.after):
            other = subject.cluster.services.get(name)
            late = _late(service, other, order) if other else None
            if late:
                place = subject.cluster.written.place("services", service.name, "after", index)
                message = f"services.{service.name}.after: `{name}` on {late[1]} comes after {late[0]} in the rollout"
                remedy = f"put {late[1]} before {late[0]} in `rollout.order`, or drop the `after`"
                yield Finding(LATE_DEPENDENCY, place, message, remedy)


def _late(service: Service, other: Service, order: dict[str, int]) -> tuple[str, str] | None:
    """A node of the service, and a later one of the other; a node that runs both is in order by itself."""
    apart = [node for node in service.nodes if node not in set(other.nodes)]
    if not apart or not other.nodes:
        return None
    first, last = min(apart, key=order.__getitem__), max(other.nodes, key=order.__getitem__)
    return (first, last) if order[last] > order[first] else None


RULE = Rule(LATE_DEPENDENCY, "late-dependency", Stage.CLUSTER, WHY, check)
