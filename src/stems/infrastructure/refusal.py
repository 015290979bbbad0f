"""Why a node could not be reached, from what the OpenSSH client said, and what to do about it."""

from __future__ import annotations

from stems.errors import NodeUnreachableError
from stems.model.names import printable
from stems.model.node import Node

_REASONS: tuple[tuple[str, str, str], ...] = (
    (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        "its host key is not the pinned one",
        "if you reinstalled {node}, remove its line from config/known_hosts and run `stems trust {node}`; "
        "otherwise somebody else may answer at {address}",
    ),
    (
        "Host key verification failed",
        "its host key is not pinned in config/known_hosts",
        "run `stems trust {node}`, compare the fingerprint, and commit config/known_hosts",
    ),
    (
        "no such identity",
        "the SSH key is not there",
        "check nodes.{node}.ssh.identity",
    ),
    (
        "Permission denied",
        "it refuses the SSH key",
        "load the key (`ssh-add`), or put your public key into authorized_keys of {user}",
    ),
    (
        "Too many authentication failures",
        "it refused too many SSH keys",
        "name the key in nodes.{node}.ssh.identity or in ~/.ssh/config",
    ),
    (
        "Could not resolve hostname",
        "its address {address} cannot be resolved",
        "check nodes.{node}.ssh.host, or the alias in ~/.ssh/config",
    ),
    (
        "Connection refused",
        "nothing listens at {address}",
        "see whether {node} is on; start sshd there, or check nodes.{node}.ssh.port",
    ),
    (
        "timed out",
        "it does not answer at {address}",
        "see whether {node} is on and in the network",
    ),
    (
        "No route to host",
        "there is no route to {address}",
        "see whether {node} is on and in the network",
    ),
    (
        "Network is unreachable",
        "there is no network to {address}",
        "see the network of this machine, then whether {node} is on",
    ),
)


def unreachable(node: Node, said: str) -> NodeUnreachableError:
    """The error for a command that did not report its end."""
    said = printable(said.replace("\r", ""))
    address = f"{node.ssh.host}:{node.ssh.port or 22}"
    words = {"node": node.name, "address": address, "user": node.ssh.user or "your user"}
    for sign, problem, remedy in _REASONS:
        if sign in said:
            return NodeUnreachableError(
                f"{node.name}: {problem.format(**words)}", said=said, remedy=remedy.format(**words)
            )
    return NodeUnreachableError(
        f"{node.name}: the connection ended before the command did",
        said=said,
        remedy=f"see whether `ssh {node.ssh.host}` works, then try again",
    )
