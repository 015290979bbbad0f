"""Truth: what a node was found to be, as opposed to what is declared of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import Final, Literal, TypeAlias, TypeVar

from stems.model.cluster import Unwritten, Written

T = TypeVar("T")


class NotObserved(Enum):
    """Stands for what nobody could see: a program was missing, or did not answer."""

    UNKNOWN = "unknown"


UNKNOWN: Final = NotObserved.UNKNOWN
Fact: TypeAlias = T | Literal[NotObserved.UNKNOWN]
"""Something that was seen, or unknown. Where there may be none of it, that is `None` or an empty tuple."""


@dataclass(frozen=True, slots=True, order=True)
class Gpu:
    """A graphics processor. `vendor` is `nvidia`, `amd`, `intel`, or whatever else its driver or number says."""

    name: str
    vendor: str

    @property
    def computes(self) -> bool:
        """Whether a container could ask for it. What only draws the picture of a server or of a guest is none."""
        return self.vendor not in _DISPLAYS


@dataclass(frozen=True, slots=True, order=True)
class Disk:
    """A disk with the name that the kernel gives it; its size in bytes."""

    name: str
    size: int
    model: Fact[str] = UNKNOWN
    is_removable: bool = False


@dataclass(frozen=True, slots=True, order=True)
class MountPoint:
    """Something that is mounted; `size` in bytes where it is a disk of the node."""

    path: str
    source: str
    kind: str
    size: Fact[int] = UNKNOWN

    @property
    def is_remote(self) -> bool:
        return self.kind in REMOTE


_DISPLAYS = frozenset({"aspeed", "matrox", "virtio", "vmware", "qxl", "cirrus", "bochs", "hyper-v"})
REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs", "fuse.glusterfs", "fuse.rclone", "afs"})
"""Kinds of file systems that lie on another machine."""

DEVICES = (
    "/dev/serial/by-id/*", "/dev/ttyUSB*", "/dev/ttyACM*", "/dev/ttyAMA*", "/dev/video*", "/dev/dri/*", "/dev/kfd",
    "/dev/nvidia[0-9]*", "/dev/apex_*", "/dev/dvb/*", "/dev/sr[0-9]*", "/dev/kvm", "/dev/net/tun",
)  # fmt: skip
"""Which devices are looked for; of others it is not known whether a node has them."""


@dataclass(frozen=True, slots=True, order=True)
class FoundContainer:
    """A container that runs. `ports` are as Compose writes them; `project` is empty outside of Compose."""

    name: str
    image: str
    project: str = ""
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """A person's account on the node, or root."""

    name: str
    uid: int
    home: str
    shell: str


@dataclass(frozen=True, slots=True)
class Truth:
    """One node as it was found. Sizes in bytes, rounded as people declare them.

    `docker` and `compose` are versions, None where there is none. `addresses` are by interface, `devices` paths of what
    is plugged in. `failed` and `enabled` are systemd units. `written.place("memory")` is where the file says it.
    """

    node: str
    hostname: Fact[str] = UNKNOWN
    os: Fact[str] = UNKNOWN
    kernel: Fact[str] = UNKNOWN
    arch: Fact[str] = UNKNOWN
    cpus: Fact[int] = UNKNOWN
    cpu: Fact[str] = UNKNOWN
    memory: Fact[int] = UNKNOWN
    gpu: Fact[tuple[Gpu, ...]] = UNKNOWN
    disks: Fact[tuple[Disk, ...]] = UNKNOWN
    mounts: Fact[tuple[MountPoint, ...]] = UNKNOWN
    addresses: Fact[Mapping[str, tuple[str, ...]]] = UNKNOWN
    devices: Fact[tuple[str, ...]] = UNKNOWN
    docker: Fact[str | None] = UNKNOWN
    compose: Fact[str | None] = UNKNOWN
    containers: Fact[tuple[FoundContainer, ...]] = UNKNOWN
    enabled: Fact[tuple[str, ...]] = UNKNOWN
    failed: Fact[tuple[str, ...]] = UNKNOWN
    users: Fact[tuple[Account, ...]] = UNKNOWN
    written: Written = field(default_factory=Unwritten, compare=False, repr=False)

    @property
    def disk(self) -> Fact[int]:
        """What its disks hold together, without those that are only plugged in."""
        if self.disks is UNKNOWN:
            return UNKNOWN
        return sum(disk.size for disk in self.disks if not disk.is_removable)

    @property
    def gpus(self) -> Fact[int]:
        """How many graphics processors a container could ask for."""
        return UNKNOWN if self.gpu is UNKNOWN else sum(one.computes for one in self.gpu)

    def unseen(self, before: Truth) -> tuple[str, ...]:
        """The facts that are unknown here and were known before."""
        return tuple(
            each.name
            for each in fields(self)
            if getattr(self, each.name) is UNKNOWN and getattr(before, each.name) is not UNKNOWN
        )

    def keeping(self, before: Truth) -> Truth:
        """With what was known before in the place of what is unknown here."""
        return replace(self, **{name: getattr(before, name) for name in self.unseen(before)})
