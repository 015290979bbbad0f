"""Names of nodes, and where they reach one another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from stems.configuration.variables import address_of, written_value
from stems.errors import UnknownError
from stems.lifecycle.generate.made import Note
from stems.model.cluster import Cluster
from stems.model.names import HOST, is_name
from stems.model.node import SSH_PORT, Node

_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Address:
    """Where other machines reach a node. `host` is empty where that is not known, `is_literal` where it is no name."""

    host: str
    is_literal: bool


def address_for(cluster: Cluster, node: Node) -> Address:
    """The variable `address` of a node, or its `ssh.host` unless that leads only from this machine to it."""
    host = address_of(cluster, node)
    if not is_name(HOST, host) or is_loopback(host):
        return Address("", is_literal=False)
    return Address(host, is_literal=literal(host) is not None)


def port_for(cluster: Cluster, node: Node) -> int:
    """The port of a node's sshd for other nodes: that of a loopback `ssh.host` is forwarded, and leads nowhere else."""
    said = written_value(cluster, node, SSH_PORT)
    if isinstance(said, str) and said.isdecimal():
        said = int(said)
    if isinstance(said, int) and not isinstance(said, bool) and 0 < said <= _HIGHEST_PORT:
        return said
    return 0 if is_loopback(node.ssh.host) else node.ssh.port


def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a text is, None for a name."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    found = literal(host)
    return found.is_loopback if found else host.rstrip(".").lower().rpartition(".")[2] == "localhost"


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def names_of(cluster: Cluster) -> Mapping[str, tuple[str, ...]]:
    """The name, host name and full host name of each node: what is one node's name is never another's."""
    taken = set(cluster.nodes)
    found: dict[str, tuple[str, ...]] = {}
    for name, node in cluster.nodes.items():
        more = dict.fromkeys((node.hostname, full_name(cluster, node)))
        own = [word for word in more if word not in taken]
        taken.update(own)
        found[name] = (name, *own)
    return found


def full_name(cluster: Cluster, node: Node) -> str:
    return node.hostname if "." in node.hostname else f"{node.hostname}.{cluster.domain}"


def require_some(cluster: Cluster, missing: Iterable[str], what: str) -> tuple[Note, ...]:
    """A note for each node whose address is not known; an error when that is every one."""
    missing = tuple(missing)
    remedy = "say in config/cluster.yml where the others reach it: `nodes: {NODE: {variables: {address: …}}}`"
    if missing and len(missing) == len(cluster.nodes):
        raise UnknownError(f"{cluster.name}: no node has {what}", remedy=remedy)
    return tuple(Note(f"{name} has no {what.partition(' ')[2]}, so it is left out", remedy) for name in missing)
