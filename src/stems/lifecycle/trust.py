"""Pinning a node's host keys: what the node shows, as lines of `config/known_hosts`."""

from __future__ import annotations

from pathlib import Path

from stems.errors import NodeUnreachableError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.refusal import unreachable
from stems.infrastructure.runner import Runner
from stems.infrastructure.ssh import CONNECT_TIMEOUT
from stems.model.node import Node

_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa")


def resolve_address_command(node: Node) -> Command:
    """What `~/.ssh/config` makes of the address, alias and jump hosts included."""
    options = ("-p", str(node.ssh.port)) if node.ssh.port else ()
    return Command(("ssh", "-G", *options, "--", node.ssh.host), Effect.READS)


def parse_address(output: str) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in output.splitlines() if " " in line)


def keyscan_command(host: str, port: str) -> Command:
    return Command(("ssh-keyscan", "-T", str(CONNECT_TIMEOUT), "-p", port, "--", host), Effect.READS)


def parse_keyscan(node: str, output: str) -> tuple[str, ...]:
    """The keys that a node shows, as known_hosts lines under the node's own name."""
    keys = (line.split() for line in output.splitlines() if line and not line.startswith("#"))
    return tuple(sorted(f"{node} {words[1]} {words[2]}" for words in keys if len(words) == 3 and words[1] in _KINDS))


def shown_keys(runner: Runner, node: Node) -> tuple[str, ...]:
    """The host keys that answer at the node's address now. Nothing proves yet that it is the right machine."""
    address = parse_address(runner.run(resolve_address_command(node)).text)
    command = keyscan_command(address.get("hostname", node.ssh.host), address.get("port", "22"))
    result = runner.run(command)
    keys = parse_keyscan(node.name, result.text)
    if not keys:
        if not result.errors.strip():
            raise NodeUnreachableError(
                f"{node.name}: no SSH server showed a host key at {node.ssh.host}:{address.get('port', '22')}",
                remedy="see whether the node is on and sshd runs; a node behind a jump host shows no key this way: "
                "add its line to config/known_hosts by hand",
            )
        raise unreachable(node, result.errors)
    return keys


def fingerprints(runner: Runner, keys: tuple[str, ...]) -> tuple[str, ...]:
    """SHA-256 fingerprints, as `ssh-keygen -lf` prints them on the node itself."""
    command = Command(("ssh-keygen", "-lf", "-"), Effect.READS, stdin=("\n".join(keys) + "\n").encode())
    return tuple(runner.run(command).text.splitlines())


def pin(path: Path, node: str, keys: tuple[str, ...]) -> None:
    """Replace the node's lines in `config/known_hosts`; every other line stays as it is."""
    lines = path.read_text().splitlines() if path.exists() else []
    kept = [line for line in lines if line.split(" ")[0] != node]
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text("\n".join([*kept, *keys]) + "\n")
    temporary.replace(path)


def pinned_keys(text: str, node: str) -> tuple[str, ...]:
    return tuple(sorted(line.strip() for line in text.splitlines() if line.split(" ")[0] == node))
