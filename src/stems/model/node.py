"""A node: one machine of the cluster, as declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from stems.model.check import Check

ADDRESS, SSH_PORT = "address", "ssh_port"
"""Variables of a node that say where the other nodes reach it: `ssh` says where this machine does."""
SHARED = ("cluster_domain", "cluster_name", "cluster_services", "nodes", "timezone")
"""Variables that stems gives to every node alike."""


class Privilege(Enum):
    """How the SSH user becomes root on a node."""

    SUDO = "sudo"
    SUDO_PASSWORD = "sudo-password"  # noqa: S105  # the word of the configuration, not a password
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SshAddress:
    """Where a node answers. `host` may be an alias of the user's `~/.ssh/config`."""

    host: str
    user: str = ""
    port: int = 0
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a node is declared to have; sizes in bytes, 0 when not declared."""

    cpus: int = 0
    memory: int = 0
    disk: int = 0
    gpu: int = 0


@dataclass(frozen=True, slots=True)
class WhenDown:
    """What is lost while a node is down, and what to do."""

    impact: str = ""
    mitigation: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One machine of the cluster, as declared in `cluster.yml`."""

    name: str
    hostname: str
    ssh: SshAddress
    role: str = ""
    arch: str = ""
    privilege: Privilege = Privilege.SUDO
    hardware: Hardware = field(default_factory=Hardware)
    variables: Mapping[str, object] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    when_down: WhenDown = field(default_factory=WhenDown)
    paused: str = ""
