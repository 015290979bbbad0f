"""The text of the file that holds what a node was found to be: the same for the same truth, one fact to a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from stems.model.truth import UNKNOWN, Account, Disk, Fact, FoundContainer, Gpu, MountPoint, Truth
from stems.readers.truth import MARK, NOTHING
from stems.readers.written import write_yaml

T = TypeVar("T")

HEAD = f"{MARK}. The next run replaces it; what a node is to be stands in config/cluster.yml.\n"


def write_truth(truth: Truth) -> str:
    """Everything in the order of its name, so that what changes in the file has changed on the node."""
    return HEAD + write_yaml(told(truth))


def told(truth: Truth) -> dict[str, object]:
    """The same as plain values."""
    return {
        "node": truth.node,
        "hostname": _told(truth.hostname),
        "os": _told(truth.os),
        "kernel": _told(truth.kernel),
        "arch": _told(truth.arch),
        "cpus": _told(truth.cpus),
        "cpu": _told(truth.cpu),
        "memory": _told(truth.memory, write_size),
        "gpu": _told(truth.gpu, _each(_gpu)),
        "disks": _told(truth.disks, _each(_disk)),
        "mounts": _told(truth.mounts, _each(_mount)),
        "devices": _told(truth.devices, sorted),
        "addresses": _told(truth.addresses, lambda found: {name: sorted(found[name]) for name in sorted(found)}),
        "docker": _told(truth.docker, _version),
        "compose": _told(truth.compose, _version),
        "containers": _told(truth.containers, _each(_container)),
        "enabled": _told(truth.enabled, sorted),
        "failed": _told(truth.failed, sorted),
        "users": _told(truth.users, _each(_account)),
    }


def write_size(size: int) -> str | int:
    """In the largest unit up to G that says it whole; in bytes where none does."""
    units = (("G", 1024**3), ("M", 1024**2), ("K", 1024))
    return next((f"{size // amount}{unit}" for unit, amount in units if size and size % amount == 0), size)


def _told(fact: Fact[T], write: Callable[[T], object] = lambda value: value) -> object:
    return UNKNOWN.value if fact is UNKNOWN else write(fact)


def _each(write: Callable[[T], dict[str, object]]) -> Callable[[Iterable[T]], list[dict[str, object]]]:
    return lambda found: sorted(map(write, found), key=lambda entry: str(next(iter(entry.values()))))


def _version(version: str | None) -> str:
    return version or NOTHING


def _gpu(one: Gpu) -> dict[str, object]:
    return {"name": one.name, "vendor": one.vendor}


def _disk(one: Disk) -> dict[str, object]:
    removable = {"removable": True} if one.is_removable else {}
    return {"name": one.name, "size": write_size(one.size), "model": _told(one.model), **removable}


def _mount(one: MountPoint) -> dict[str, object]:
    size = {} if one.size is UNKNOWN else {"size": write_size(one.size)}
    return {"path": one.path, "source": one.source, "type": one.kind, **size}


def _container(one: FoundContainer) -> dict[str, object]:
    project = {"project": one.project} if one.project else {}
    ports = {"ports": list(one.ports)} if one.ports else {}
    return {"name": one.name, "image": one.image, **project, **ports}


def _account(one: Account) -> dict[str, object]:
    return {"name": one.name, "uid": one.uid, "home": one.home, "shell": one.shell}
