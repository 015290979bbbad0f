"""What is paused is left out of repair and drift, visibly: somebody works on it."""

from __future__ import annotations

from collections.abc import Iterable

from stems.model.change import Change
from stems.model.cluster import Cluster

PURPOSES = ("repair", "drift")


def without_paused(cluster: Cluster, changes: Iterable[Change], *, purpose: str) -> tuple[Change, ...]:
    """The changes that a repair makes and drift counts. A deployment reaches a paused service like every other."""
    if purpose not in PURPOSES:
        return tuple(changes)
    paused = {service.name for service in cluster.services.values() if service.paused}
    return tuple(change for change in changes if change.service not in paused)


def paused_services(cluster: Cluster, node: str) -> dict[str, str]:
    """The paused services of a node, and why."""
    return {service.name: service.paused for service in cluster.services_on(node) if service.paused}
