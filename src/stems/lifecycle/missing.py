"""What a service asks of a node that rules do not judge: devices that were not found, and what nobody wrote down."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from stems.model.check import MountCheck
from stems.model.service import Service
from stems.model.truth import DEVICES, UNKNOWN
from stems.validation.hardware import has_of, put_on
from stems.validation.projects import COMPOSE
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes


def missing_on(subject: Subject, service: Service, node: str) -> Iterator[str]:
    """Devices that were looked for on the node, and are not there."""
    found = subject.once(truth_of_nodes).nodes.get(node)
    devices = found.devices if found else UNKNOWN
    for device in _devices(subject, service, node):
        if devices is not UNKNOWN and _is_looked_for(device) and device not in devices:
            yield f"{device} was not found on {node}"
    mounts = found.mounts if found else UNKNOWN
    if mounts is not UNKNOWN:
        there = {one.path for one in mounts} | _checked(subject, node)
        yield from (f"{disk} is not mounted on {node}" for disk in _disks(subject, service, node) if disk not in there)


def unsure_of(subject: Subject, service: Service, node: str) -> Iterator[str]:
    """What is asked for, and nothing says whether the node has it."""
    has, needs = subject.once(has_of)[node], service.requires
    found = subject.once(truth_of_nodes).nodes.get(node)
    devices = found.devices if found else UNKNOWN
    if needs.memory and has.memory is None:
        yield f"nothing says how much memory {node} has"
    if needs.arch and not has.arch:
        yield f"nothing says which architecture {node} is"
    if needs.gpu and has.gpu is None:
        yield f"nothing says whether {node} has a GPU"
    if found is None or found.mounts is UNKNOWN:
        disks = (disk for disk in _disks(subject, service, node) if disk not in _checked(subject, node))
        yield from (f"nothing says whether {disk} is mounted on {node}" for disk in disks)
    declared = subject.cluster.services[service.name]
    if declared.tool == COMPOSE and not any(put.composed.declared == declared for put in subject.once(put_on)[node]):
        yield "its Compose file starts nothing that can be read, so what it asks for is not known"
    for device in _devices(subject, service, node):
        if devices is UNKNOWN or not _is_looked_for(device):
            yield f"nothing says whether {node} has {device}"
    for put in subject.once(put_on)[node]:
        if (
            put.composed.declared == subject.cluster.services[service.name]
            and not has.arch
            and put.service.text("platform")
        ):
            yield f"nothing says which architecture {node} is, and {put.name} is for one"


def _devices(subject: Subject, service: Service, node: str) -> Iterator[str]:
    for put in subject.once(put_on)[node]:
        if put.composed.declared == subject.cluster.services[service.name]:
            for device in put.service.devices:
                if isinstance(device.source, str) and device.source.startswith("/dev/"):
                    yield device.source


def _disks(subject: Subject, service: Service, node: str) -> Iterator[str]:
    """What must be mounted for the service: the mount points of any node that its host paths lie below."""
    found = subject.once(truth_of_nodes).nodes.values()
    shares = {one.path for each in found if each.mounts is not UNKNOWN for one in each.mounts if one.is_remote}
    known = sorted((shares | {path for name in subject.cluster.nodes for path in _checked(subject, name)}) - {"/"})
    for put in subject.once(put_on)[node]:
        if put.composed.declared == subject.cluster.services[service.name]:
            for mount in put.service.mounts:
                source = mount.source if mount.kind == "bind" and isinstance(mount.source, str) else ""
                yield from (disk for disk in known if source == disk or source.startswith(f"{disk}/"))


def _checked(subject: Subject, node: str) -> set[str]:
    return {check.path for check in subject.cluster.nodes[node].checks if isinstance(check, MountCheck)}


def _is_looked_for(device: str) -> bool:
    return any(fnmatchcase(device, pattern) for pattern in DEVICES)
