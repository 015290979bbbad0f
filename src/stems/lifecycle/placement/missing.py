"""What a service asks of a node that no rule judges: what was looked for and not found, and what nobody wrote down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from stems.model.check import MountCheck
from stems.model.service import Service
from stems.model.truth import DEVICES, UNKNOWN, Truth
from stems.readers.substitution import Unknown
from stems.validation.gpus import gpus_asked
from stems.validation.hardware import Put, has_of, put_on
from stems.validation.projects import COMPOSE, services_of
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes


@dataclass(frozen=True, slots=True)
class Trial:
    """A service put on a node, to see what it would meet there. `puts` are its containers there."""

    subject: Subject
    service: Service
    node: str

    @property
    def puts(self) -> tuple[Put, ...]:
        there = self.subject.once(put_on)[self.node]
        return tuple(put for put in there if put.declared == self.subject.cluster.services[self.service.name])

    @property
    def truth(self) -> Truth:
        return self.subject.once(truth_of_nodes).nodes.get(self.node, Truth(self.node))


def missing_on(trial: Trial) -> Iterator[str]:
    """Devices and disks that were looked for on the node, and are not there."""
    node, found = trial.node, trial.truth
    if found.devices is not UNKNOWN:
        absent = (one for one in _devices(trial) if _is_looked_for(one) and one not in found.devices)
        yield from (f"{device} was not found on {node}" for device in absent)
    if found.mounts is not UNKNOWN:
        there = {one.path for one in found.mounts} | _checked(trial, node)
        yield from (f"{disk} is not mounted on {node}" for disk in _disks(trial) if disk not in there)


def unsaid_of(trial: Trial) -> Iterator[str]:
    """What is asked for, and nothing says whether the node has it."""
    yield from _unsaid_of_hardware(trial)
    if trial.truth.mounts is UNKNOWN:
        disks = (disk for disk in _disks(trial) if disk not in _checked(trial, trial.node))
        yield from (f"nothing says whether {disk} is mounted on {trial.node}" for disk in disks)
    for device in _devices(trial):
        if trial.truth.devices is UNKNOWN or not _is_looked_for(device):
            yield f"nothing says whether {trial.node} has {device}"


def unread_of(trial: Trial) -> Iterator[str]:
    """What is not known of the files themselves, and so neither what is asked for nor what is taken."""
    subject = trial.subject
    if not subject.jobs:
        yield "a tool of this repository cannot be used here, so what it owns is not known"
    if trial.service.tool == COMPOSE and not trial.puts:
        yield "its Compose file starts nothing that can be read, so what it asks for is not known"
    read = {composed.declared.name for composed, _ in subject.once(services_of) if composed.declared}
    for other in subject.cluster.services_on(trial.node):
        if other.tool == COMPOSE and other.name not in {*read, trial.service.name}:
            yield f"the Compose file of {other.name}, which runs there, cannot be read"
    for put in trial.puts:
        yield from (f"{put.name}: {what} depends on a variable that is not known" for what in _unset(put))


def _unsaid_of_hardware(trial: Trial) -> Iterator[str]:
    node, needs, puts = trial.node, trial.service.requires, trial.puts
    has, asked = trial.subject.once(has_of)[node], [put.service.resources for put in puts]
    if has.memory is None and (needs.memory or any(one.memory or one.reserved_memory for one in asked)):
        yield f"nothing says how much memory {node} has"
    if has.cpus is None and any(one.cpus or one.reserved_cpus for one in asked):
        yield f"nothing says how many processors {node} has"
    if not has.arch and (needs.arch or any(put.service.text("platform") for put in puts)):
        yield f"nothing says which architecture {node} is"
    if has.gpu is None and (needs.gpu or any(gpus_asked(put.service)[0] for put in puts)):
        yield f"nothing says whether {node} has a GPU"


def _unset(put: Put) -> Iterator[str]:
    asked, service = put.service.resources, put.service
    if any(isinstance(one, Unknown) for one in (asked.memory, asked.reserved_memory, asked.cpus, asked.reserved_cpus)):
        yield "what it asks for"
    if any(isinstance(device.source, Unknown) for device in service.devices):
        yield "a device"
    if any(isinstance(port.published, Unknown) for port in service.ports):
        yield "a port"


def _devices(trial: Trial) -> Iterator[str]:
    sources = (device.source for put in trial.puts for device in put.service.devices)
    yield from dict.fromkeys(one for one in sources if isinstance(one, str) and one.startswith("/dev/"))


def _disks(trial: Trial) -> Iterator[str]:
    """What must be mounted for the service: the mount points of any node that its host paths lie below."""
    subject = trial.subject
    found = subject.once(truth_of_nodes).nodes.values()
    shares = {one.path for each in found if each.mounts is not UNKNOWN for one in each.mounts if one.is_remote}
    known = sorted((shares | {path for name in subject.cluster.nodes for path in _checked(trial, name)}) - {"/"})
    mounts = (mount for put in trial.puts for mount in put.service.mounts if mount.kind == "bind")
    sources = [mount.source for mount in mounts if isinstance(mount.source, str)]
    yield from (disk for disk in known if any(f"{source}/".startswith(f"{disk}/") for source in sources))


def _checked(trial: Trial, node: str) -> set[str]:
    return {check.path for check in trial.subject.cluster.nodes[node].checks if isinstance(check, MountCheck)}


def _is_looked_for(device: str) -> bool:
    return any(fnmatchcase(device, pattern) for pattern in DEVICES)
