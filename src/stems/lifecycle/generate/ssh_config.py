"""An ssh_config with every node under its short and long names, trusted by the keys that are pinned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stems.errors import UsageError
from stems.infrastructure.ssh import trust_options
from stems.lifecycle.generate.addresses import address_for, literal, names_of, port_for, require_some
from stems.lifecycle.generate.made import Made, Note, says
from stems.model.cluster import Cluster
from stems.model.node import Node

NAME = "ssh-config"
_PATHS = frozenset({"IdentityFile", "UserKnownHostsFile"})


def ssh_config(cluster: Cluster, *, known_hosts: str, identity: str = "", between_nodes: bool = False) -> Made:
    """As this machine reaches the nodes, or as they reach one another: then `identity` is a key file on each of them.

    The second is the same text for every node.
    """
    where = {name: _between if between_nodes else _from_here for name in cluster.nodes}
    options = {name: where[name](cluster, node, identity) for name, node in cluster.nodes.items()}
    missing = [name for name, found in options.items() if not found["HostName"]]
    notes = require_some(cluster, missing, "an address that other nodes reach")
    names = names_of(cluster)
    lines = [f"# {says(NAME)}", *(f"# {note.text}" for note in notes)]
    for name, node in cluster.nodes.items():
        if name not in missing:
            lines += ["", f"Host {' '.join(names[name])}"]
            lines += _written({**options[name], **trust_options(node, known_hosts)})
    return Made("\n".join(lines) + "\n", (*notes, *_aliases(cluster, options, missing)))


def _from_here(cluster: Cluster, node: Node, identity: str) -> Mapping[str, str]:
    del cluster
    return _options(node, node.ssh.host, node.ssh.port, identity or node.ssh.identity)


def _between(cluster: Cluster, node: Node, identity: str) -> Mapping[str, str]:
    return _options(node, address_for(cluster, node).host, port_for(cluster, node), identity)


def _options(node: Node, host: str, port: int, identity: str) -> Mapping[str, str]:
    return {
        "HostName": host,
        **({"User": node.ssh.user} if node.ssh.user else {}),
        **({"Port": str(port)} if port else {}),
        **({"IdentityFile": identity, "IdentitiesOnly": "yes"} if identity else {}),
    }


def _written(options: Mapping[str, str]) -> Iterator[str]:
    for name, value in options.items():
        # ssh replaces `%h` and the like in some values.
        text = value.replace("%", "%%") if name in _PATHS or name == "HostName" else value
        yield f"    {name} {_quoted(text) if name in _PATHS else text}"


def _quoted(path: str) -> str:
    if '"' in path or "\\" in path or "${" in path:
        raise UsageError(f"{path}: ssh_config has no way to write this path", remedy="give it another name")
    return f'"{path}"' if any(mark in path for mark in " #'") else path


def _aliases(cluster: Cluster, options: Mapping[str, Mapping[str, str]], missing: list[str]) -> Iterator[Note]:
    """What is perhaps an alias of somebody's own ssh_config, which `HostName` does not follow."""
    for name in cluster.nodes:
        host = options[name]["HostName"]
        if name not in missing and "." not in host and literal(host) is None:
            text = f"{name} is reached as {host}: should that be an alias of an ssh_config, ssh would not follow it"
            yield Note(text, "write its address instead, for other nodes as the variable `address`")
