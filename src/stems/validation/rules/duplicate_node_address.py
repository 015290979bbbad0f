"""Two nodes that are reached at one address."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.finding import Finding
from stems.model.node import SshAddress
from stems.validation.codes import DUPLICATE_NODE_ADDRESS
from stems.validation.rule import Rule, Stage, Subject

WHY = """A rolling deploy would meet the same machine twice and never the other one, so that the service it relies on
restarts in the middle of its own health check."""

_SSH_PORT = 22


def check(subject: Subject) -> Iterator[Finding]:
    seen: dict[tuple[str, int], str] = {}
    for name, node in subject.cluster.nodes.items():
        first = seen.setdefault(_end(node.ssh), name)
        if first != name:
            place = subject.cluster.written.place("nodes", name, "ssh", "host")
            message = f"nodes.{name}.ssh: {node.ssh.host} is the address of `{first}` too"
            yield Finding(DUPLICATE_NODE_ADDRESS, place, message, "give each node its own host or port")


def _end(address: SshAddress) -> tuple[str, int]:
    return address.host.lower(), address.port or _SSH_PORT


RULE = Rule(DUPLICATE_NODE_ADDRESS, "duplicate-node-address", Stage.CLUSTER, WHY, check)
