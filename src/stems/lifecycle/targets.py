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
    still exist. Whether a service is paused is said by the current commit.
    """
    nodes = {
        name: replace(node, variables=target.nodes[name].variables if name in target.nodes else node.variables)
        for name, node in current.nodes.items()
    }
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
        services=services,
        domains=target.domains,
        variables=target.variables,
        architectures=target.architectures,
        roles=target.roles,
    )
