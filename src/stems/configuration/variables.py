"""Variables of a node: cluster < architecture < role < node, and the names that stems itself sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stems.model.cluster import Cluster
from stems.model.finding import Finding
from stems.model.node import ADDRESS, SHARED, Node
from stems.model.service import Service
from stems.validation import codes

STEMS = "stems"
# Compose interpolation and shells know these names in capitals.
_CAPITALS = ("NODE_NAME", "NODE_ROLE", "HOSTNAME", "CLUSTER_NAME")
_OWN = ("node_arch", "node_hostname", "node_name", "node_role")
RESERVED = frozenset((*_OWN, *SHARED, *_CAPITALS))

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
    return _resolved(cluster, node, _shared(cluster))


def resolve_all(cluster: Cluster) -> dict[str, dict[str, Variable]]:
    """The variables of every node: what stems tells all of them is made once."""
    shared = _shared(cluster)
    return {name: _resolved(cluster, node, shared) for name, node in cluster.nodes.items()}


def _resolved(cluster: Cluster, node: Node, shared: Mapping[str, object]) -> dict[str, Variable]:
    layers = (*_written(cluster, node), (STEMS, _own(node)), (STEMS, shared))
    found = {name: Variable(value, origin) for origin, layer in layers for name, value in layer.items()}
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


def written_value(cluster: Cluster, node: Node, name: str) -> object:
    """What the highest layer that sets a variable says; None where none does."""
    return next((layer[name] for _, layer in reversed([*_written(cluster, node)]) if name in layer), None)


def address_of(cluster: Cluster, node: Node) -> str:
    """Where the other nodes reach a node: its variable `address`, or where this machine does."""
    said = written_value(cluster, node, ADDRESS)
    return said if isinstance(said, str) and said else node.ssh.host


def _written(cluster: Cluster, node: Node) -> Iterator[tuple[str, Mapping[str, object]]]:
    yield "cluster", cluster.variables
    yield f"architecture {node.arch}", cluster.architectures.get(node.arch, {})
    yield f"role {node.role}", cluster.roles.get(node.role, {})
    yield f"node {node.name}", node.variables


def for_compose(cluster: Cluster, node: Node) -> dict[str, Variable]:
    """The names in capitals that only services get, where the cluster has some."""
    if not cluster.domains.services:
        return {}
    values = (node.name, node.role, node.hostname, cluster.name)
    return {name: Variable(value, f"{STEMS}, for Compose") for name, value in zip(_CAPITALS, values, strict=True)}


def _own(node: Node) -> dict[str, object]:
    return {
        "node_name": node.name,
        "node_hostname": node.hostname,
        "node_role": node.role,
        "node_arch": node.arch,
    }


def _shared(cluster: Cluster) -> dict[str, object]:
    """What every node is told of the others."""
    told = cluster.listed or tuple(cluster.nodes.values())
    services = cluster.listed_services or tuple(cluster.services.values())
    addresses = {node.name: address_of(cluster, node) for node in told}
    return {
        "cluster_name": cluster.name,
        "cluster_domain": cluster.domain,
        "timezone": cluster.timezone,
        "nodes": [_neighbour(node, addresses[node.name]) for node in told],
        "cluster_services": [_service(service, addresses) for service in services],
    }


def _neighbour(node: Node, address: str) -> dict[str, object]:
    return {
        "name": node.name,
        "hostname": node.hostname,
        "role": node.role,
        "arch": node.arch,
        "address": address,
    }


def _service(service: Service, addresses: Mapping[str, str]) -> dict[str, object]:
    """A service and where it runs: `addresses` are those of its `nodes`, in the same order."""
    nodes = [name for name in service.nodes if name in addresses]
    return {"name": service.name, "nodes": nodes, "addresses": [addresses[name] for name in nodes]}
