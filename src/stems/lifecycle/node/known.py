"""Host keys that a person trusts already, in the known_hosts of their own account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stems.infrastructure.command import Command, Effect
from stems.infrastructure.runner import Runner
from stems.lifecycle.trust import parse_address, resolve_address_command
from stems.model.node import Node

_PLAIN_KEY = 3


def known_keys(local: Runner, node: Node) -> tuple[str, ...]:
    """The keys of a machine that this account's own known_hosts has, as lines under the node's name."""
    address = parse_address(local.run(resolve_address_command(node)).text)
    host, port = address.get("hostname", node.ssh.host), address.get("port", "22")
    name = address.get("hostkeyalias") or (host if port == "22" else f"[{host}]:{port}")
    files = address.get("userknownhostsfile", "").split()
    found = (local.run(find_key_command(name, Path(file).expanduser())).text for file in files)
    return tuple(sorted({line for text in found for line in parse_found(node.name, text)}))


def find_key_command(name: str, file: Path) -> Command:
    return Command(("ssh-keygen", "-F", name, "-f", str(file)), Effect.READS)


def parse_found(node: str, output: str) -> Iterator[str]:
    """Plain keys only: one that is revoked, or of an authority, begins with a mark."""
    for line in output.splitlines():
        words = line.split()
        if len(words) >= _PLAIN_KEY and not line.startswith(("#", "@")):
            yield f"{node} {words[1]} {words[2]}"
