"""Everything that a node is asked, and the truth that its answers are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from stems.infrastructure.discovery import accounts, containers, hardware, machine, network, storage, units
from stems.infrastructure.discovery.said import one
from stems.infrastructure.probe import Section
from stems.model.truth import UNKNOWN, Fact, Truth

T = TypeVar("T")

SNIPPETS: Mapping[str, str] = {
    "machine": machine.SNIPPET,
    "disks": storage.DISKS,
    "mounts": storage.MOUNTS,
    "gpu": hardware.GPU,
    "devices": hardware.DEVICE_PATHS,
    "addresses": network.SNIPPET,
    "versions": containers.VERSIONS,
    "containers": containers.CONTAINERS,
    "enabled": units.ENABLED,
    "failed": units.FAILED,
    "users": accounts.SNIPPET,
}
"""Each reads only, needs no root, and is one section of the probe."""


def truth_of(node: str, sections: Mapping[str, Section]) -> Truth:
    """What a node said. A section that failed, or that cannot be understood, is unknown."""

    def fact(section: str, read: Callable[[str], Fact[T]]) -> Fact[T]:
        found = sections[section]
        unknown: Fact[T] = UNKNOWN
        return read(found.text) if found.status == 0 else unknown

    return Truth(
        node,
        hostname=fact("machine", lambda text: one(text, "hostname")),
        os=fact("machine", machine.operating_system),
        kernel=fact("machine", lambda text: one(text, "kernel")),
        arch=fact("machine", machine.architecture),
        cpus=fact("machine", machine.processors),
        cpu=fact("machine", machine.processor),
        memory=fact("machine", machine.memory),
        gpu=fact("gpu", hardware.gpu),
        disks=fact("disks", storage.disks),
        mounts=fact("mounts", storage.mounts),
        devices=fact("devices", hardware.devices),
        addresses=fact("addresses", network.addresses),
        docker=fact("versions", containers.docker),
        compose=fact("versions", containers.compose),
        containers=fact("containers", containers.containers),
        enabled=fact("enabled", units.units),
        failed=fact("failed", units.units),
        users=fact("users", accounts.accounts),
    )
