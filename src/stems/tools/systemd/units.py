"""What the folder of a service holds for systemd: unit files and where each goes, and which units are to run."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stems.model.finding import Place
from stems.model.node import Node
from stems.model.service import Service, UnitState, in_order
from stems.tools.base import Job
from stems.tools.systemd.manager import SYSTEM, Manager

NAME = "systemd"
SUFFIXES = ("service", "timer", "socket", "path", "mount", "target")
ACTIVATORS = ("timer", "socket", "path")
GENERATED = {
    "container": "{}.service", "kube": "{}.service", "pod": "{}-pod.service", "volume": "{}-volume.service",
    "network": "{}-network.service", "image": "{}-image.service", "build": "{}-build.service",
}  # fmt: skip
"""The unit that Podman's generator makes of each kind of quadlet."""
_STARTED = ("container", "kube", "pod")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:_.@\\-]*")
_UNIT_KEY = re.compile(r"^\s*Unit\s*=\s*(\S+)\s*$", re.MULTILINE)
MODE = "644"


@dataclass(frozen=True, slots=True)
class UnitFile:
    """A file of the repository and where it goes on a node. `unit` is the unit that it is about."""

    path: str
    unit: str
    content: bytes
    place: Place
    service: str

    @property
    def sha(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def is_drop_in(self) -> bool:
        """Whether it only adds to a unit."""
        return self.path.rpartition("/")[0].endswith(".d")

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit and how it is to be.

    `enabled` is None where nothing can be enabled. `is_own` when the repository brings it, not a package.
    `is_activated` when another unit starts it: then it is only told of changes.
    """

    name: str
    service: str
    state: UnitState
    enabled: bool | None
    is_own: bool
    place: Place
    is_activated: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """Everything that the services of one node have for one manager. `odd` are files that cannot be placed."""

    manager: Manager = SYSTEM
    files: tuple[UnitFile, ...] = ()
    units: tuple[Unit, ...] = ()
    odd: tuple[Place, ...] = ()

    def files_of(self, unit: str) -> tuple[UnitFile, ...]:
        return tuple(file for file in self.files if file.unit == unit)

    @property
    def has_quadlets(self) -> bool:
        return any(self.is_quadlet(file) for file in self.files)

    def is_quadlet(self, file: UnitFile) -> bool:
        return file.path.startswith(f"{self.manager.quadlets}/")


def declared(job: Job, services: Iterable[Service], manager: Manager) -> Declared:
    """What those of `services` have that are of this manager."""
    parts = [_of_service(job, service, manager) for service in services if service.scope is manager.scope]
    return Declared(
        manager,
        tuple(file for part in parts for file in part.files),
        tuple(unit for part in parts for unit in part.units),
        tuple(place for part in parts for place in part.odd),
    )


def units_on(job: Job, node: Node) -> tuple[Service, ...]:
    """The services of a node that are units, each after those that it names in `after`."""
    return in_order(service for service in job.cluster.services_on(node.name) if service.tool == NAME)


def folder_of(job: Job, service: str) -> str:
    return job.named(service)


def _of_service(job: Job, service: Service, manager: Manager) -> Declared:
    folder = folder_of(job, service.name)
    files: list[UnitFile] = []
    odd: list[Place] = []
    for path in sorted(job.tree.tracked):
        below = path.removeprefix(f"{folder}/")
        found = target_of(below, manager) if below != path else None
        local = job.tree.root / path
        if found is None:
            continue
        if local.is_symlink() or not local.is_file() or not all(map(_FILE.fullmatch, below.split("/"))):
            odd.append(Place(path))
            continue
        files.append(UnitFile(found[0], found[1], local.read_bytes(), Place(path), service.name))
    return Declared(manager, tuple(files), tuple(_units(job, service, files)), tuple(odd))


def target_of(below: str, manager: Manager) -> tuple[str, str] | None:
    """Where a file of a service goes and which unit it is about; None for what is nothing to systemd."""
    head, _, rest = below.partition("/")
    base = head.removesuffix(".d")
    if (rest == "") == (base != head) or "/" in rest or (rest and not rest.endswith(".conf")):
        return None
    stem, _, suffix = base.rpartition(".")
    if not stem:
        return None
    if suffix in SUFFIXES:
        return f"{manager.units}/{below}", base
    if suffix in GENERATED:
        return f"{manager.quadlets}/{below}", GENERATED[suffix].format(stem)
    return None


def _units(job: Job, service: Service, files: list[UnitFile]) -> list[Unit]:
    own = {file.unit: file for file in files if not file.is_drop_in}
    if service.unit:
        return [_unit(service, service.unit, own.get(service.unit), Place(folder_of(job, service.name)))]
    started = {name: file for name, file in own.items() if _can_start(file)}
    activated = {_activated(name, file) for name, file in own.items() if name.rpartition(".")[2] in ACTIVATORS}
    return [
        _unit(service, name, file, file.place, is_activated=name in activated)
        for name, file in sorted(started.items())
        if not (name in activated and _is_timed(name, own))
    ]


def _can_start(file: UnitFile) -> bool:
    suffix = file.path.rpartition(".")[2]
    return "@." not in file.path and (suffix in SUFFIXES or suffix in _STARTED)


def _activated(name: str, file: UnitFile) -> str:
    """The unit that a timer, socket or path starts."""
    named = _UNIT_KEY.search(file.text)
    return named[1] if named else f"{name.rpartition('.')[0]}.service"


def _is_timed(name: str, own: Mapping[str, UnitFile]) -> bool:
    """Whether a timer runs it: one that is under way goes on as it began, the next run is as it is now."""
    return any(other.endswith(".timer") and _activated(other, file) == name for other, file in own.items())


def _unit(service: Service, name: str, file: UnitFile | None, place: Place, *, is_activated: bool = False) -> Unit:
    enabled: bool | None = None
    # The generator of Podman follows [Install] of a quadlet by itself.
    fixed = file is not None and ("[Install]" not in file.text or file.path.rpartition(".")[2] in GENERATED)
    if service.state is not UnitState.MASKED and not is_activated and not fixed:
        enabled = service.state is UnitState.RUNNING if service.enabled is None else service.enabled
    found = file.place if file else place
    return Unit(name, service.name, service.state, enabled, file is not None, found, is_activated)
