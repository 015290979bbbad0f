"""Variables of a node: cluster < architecture < role < node, and the names that stems itself sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stems.model.cluster import Cluster
from stems.model.finding import Finding
from stems.model.node import Node
from stems.validation import codes

STEMS = "stems"
# Compose interpolation and shells know these names in capitals.
_CAPITALS = ("NODE_NAME", "NODE_ROLE", "HOSTNAME", "CLUSTER_NAME")
_OWN = (
    "cluster_domain",
    "cluster_name",
    "node_arch",
    "node_hostname",
    "node_name",
    "node_role",
    "nodes",
    "timezone",
)
RESERVED = frozenset((*_OWN, *_CAPITALS))

# As variables of a node they would win over the connection that stems gives to Ansible, host key checking included.
_CONNECTION = re.compile(
    r"ansible_(?:host|port|user|password|connection|host_key_checking|private_key\w*|control_path\w*|"
    r"(?:ssh|sshpass|scp|sftp|paramiko|sudo|su)_\w+|become_(?:pass|password|exe|flags|method))"
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A value and its layer: `cluster`, `architecture arm64`, `role gateway`, `node crtr` or `stems`."""

    value: object
    origin: str


def resolve(cluster: Cluster, node: Node) -> dict[str, Variable]:
    """Every variable of a node, sorted by name. A mapping of a higher layer replaces one below, nothing is merged."""
    found = {name: Variable(value, origin) for origin, layer in _layers(cluster, node) for name, value in layer.items()}
    return dict(sorted(found.items()))


def plain(variables: Mapping[str, Variable]) -> dict[str, object]:
    """Only names and values, as the tools receive them."""
    return {name: variable.value for name, variable in variables.items()}


def reserved_names(cluster: Cluster) -> Iterator[Finding]:
    """Variables of the file that have a name which stems itself sets."""
    for keys, layer in cluster.layers():
        for name in RESERVED.intersection(layer):
            message = f"{'.'.join([*keys, name])}: stems itself sets `{name}`"
            place = cluster.written.key_place(*keys, name)
            yield Finding(codes.RESERVED_VARIABLE, place, message, "choose another name")


def connection_names(cluster: Cluster) -> Iterator[Finding]:
    """Variables of the file that say to Ansible how to reach a node."""
    for keys, layer in cluster.layers():
        for name in filter(_CONNECTION.fullmatch, layer):
            message = f"{'.'.join([*keys, name])}: how to reach a node is said by its `ssh` and `privilege` only"
            place = cluster.written.key_place(*keys, name)
            yield Finding(codes.CONNECTION_VARIABLE, place, message, f"remove {name}")


def _layers(cluster: Cluster, node: Node) -> Iterator[tuple[str, Mapping[str, object]]]:
    yield "cluster", cluster.variables
    yield f"architecture {node.arch}", cluster.architectures.get(node.arch, {})
    yield f"role {node.role}", cluster.roles.get(node.role, {})
    yield f"node {node.name}", node.variables
    yield STEMS, _own(cluster, node)


def for_compose(cluster: Cluster, node: Node) -> dict[str, Variable]:
    """The names in capitals that only services get, where the cluster has some."""
    if not cluster.domains.services:
        return {}
    values = (node.name, node.role, node.hostname, cluster.name)
    return {name: Variable(value, f"{STEMS}, for Compose") for name, value in zip(_CAPITALS, values, strict=True)}


def _own(cluster: Cluster, node: Node) -> dict[str, object]:
    return {
        "node_name": node.name,
        "node_hostname": node.hostname,
        "node_role": node.role,
        "node_arch": node.arch,
        "cluster_name": cluster.name,
        "cluster_domain": cluster.domain,
        "timezone": cluster.timezone,
        "nodes": [_neighbour(other) for other in cluster.listed or cluster.nodes.values()],
    }


def _neighbour(node: Node) -> dict[str, object]:
    return {
        "name": node.name,
        "hostname": node.hostname,
        "role": node.role,
        "arch": node.arch,
        "address": node.ssh.host,
    }
