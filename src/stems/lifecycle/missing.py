"""What a service asks of a node that rules do not judge: devices that were not found, and what nobody wrote down."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

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


def _is_looked_for(device: str) -> bool:
    return any(fnmatchcase(device, pattern) for pattern in DEVICES)
