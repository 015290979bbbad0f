"""Which nodes a command is about, and which cluster holds for a commit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from stems.errors import UsageError
from stems.lifecycle.workspace import unknown_node
from stems.model.cluster import Cluster
from stems.model.node import Node


def chosen_nodes(cluster: Cluster, *, only: Iterable[str] = (), without: Iterable[str] = ()) -> tuple[Node, ...]:
    """The target nodes in rollout order."""
    only, without = tuple(only), tuple(without)
    for name in (*only, *without):
        if name not in cluster.nodes:
            raise unknown_node(name, cluster)
    nodes = tuple(
        node for node in cluster.in_rollout_order() if (not only or node.name in only) and node.name not in without
    )
    if not nodes:
        raise UsageError("no node is left to work on", remedy="name fewer nodes with --without")
    return nodes


def cluster_for(current: Cluster, target: Cluster) -> Cluster:
    """The current nodes, gates, approvers and rollout with the target's domains, services and variables.

    So a deployed commit can be rolled back to although nodes changed since: a service keeps those of its nodes that
    still exist. Whether a service is paused is said by the current commit. What templates are told is what they were
    told when the target was current, or every node would seem to be changed by hand.
    """
    nodes = {name: _as_told(node, target.nodes.get(name, node)) for name, node in current.nodes.items()}
    services = {
        name: replace(
            service,
            nodes=tuple(node for node in service.nodes if node in nodes),
            paused=current.services[name].paused if name in current.services else service.paused,
        )
        for name, service in target.services.items()
    }
    return replace(
        current,
        nodes=nodes,
        listed=tuple(target.nodes.values()),
        listed_services=tuple(target.services.values()),
        domain=target.domain,
        timezone=target.timezone,
        services=services,
        domains=target.domains,
        variables=target.variables,
        architectures=target.architectures,
        roles=target.roles,
    )


def _as_told(current: Node, target: Node) -> Node:
    """The node as it is reached, judged and paused now, with what the target's templates are told of it."""
    return replace(current, hostname=target.hostname, role=target.role, arch=target.arch, variables=target.variables)
