"""What is wrong with the units of services, seen without a node."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from stems.model.finding import Finding, Place
from stems.model.service import Scope, Service, UnitState
from stems.tools.base import Job
from stems.tools.systemd.manager import Manager
from stems.tools.systemd.units import NAME, Declared, UnitFile, declared, folder_of

NO_UNIT, ODD_FILE, NOT_A_UNIT, NEVER_RUNS = "STM560", "STM561", "STM562", "STM563"
NO_TARGET, OWN_MASK = "STM564", "STM565"
_SECTION = re.compile(r"^\[[A-Za-z-]+\]\s*$", re.MULTILINE)
_ONESHOT = re.compile(r"^[ \t]*Type[ \t]*=[ \t]*oneshot[ \t]*$", re.MULTILINE)
_SYSTEMS_TARGET = re.compile(
    r"^[ \t]*(?:WantedBy|RequiredBy)\s*=.*\b(?:multi-user|graphical)\.target\b.*$", re.MULTILINE
)
_REMAINS = re.compile(r"^[ \t]*RemainAfterExit\s*=\s*(?:yes|true|on|1)\s*$", re.MULTILINE)


def check(job: Job) -> Iterable[Finding]:
    return [
        finding
        for service in job.cluster.services.values()
        if service.tool == NAME
        for finding in _of_service(job, service, declared(job, [service], Manager(service.scope)))
    ]


def _of_service(job: Job, service: Service, found: Declared) -> Iterator[Finding]:
    place = job.cluster.written.key_place("services", service.name)
    if not found.units:
        message = f"services.{service.name}: no unit: none in {folder_of(job, service.name)}/, and no `unit`"
        yield Finding(NO_UNIT, place, message, "commit a unit file there, or name the unit of a package with `unit`")
    for where in found.odd:
        message = "a unit file must be a file whose name has only letters, digits and : _ . @ \\ -"
        yield Finding(ODD_FILE, where, message, "rename it with `git mv`")
    for file in found.files:
        if not _SECTION.search(file.text):
            yield Finding(
                NOT_A_UNIT,
                replace(file.place, line=1),
                "no section such as [Service] in it",
                "write it as systemd reads it",
            )
        if service.scope is Scope.USER and (wanted := _SYSTEMS_TARGET.search(file.text)):
            place = _line(file, wanted)
            message = f"{file.unit} would never be started: the manager of a user has no such target"
            yield Finding(NO_TARGET, place, message, "write `WantedBy=default.target`")
    if service.state is UnitState.RUNNING:
        running = {unit.name for unit in found.units if not unit.is_activated}
        yield from (_never(file, ends) for file in found.files if file.unit in running and (ends := _end(file)))
    if service.state is UnitState.MASKED:
        masked = {unit.name for unit in found.units if unit.is_own}
        yield from (_own(file) for file in found.files if file.unit in masked and _hides_mask(found, file))


def _line(file: UnitFile, match: re.Match[str]) -> Place:
    # A pattern may begin with the blank lines before what it matches.
    return replace(file.place, line=file.text.count("\n", 0, match.end()) + 1)


def _end(file: UnitFile) -> re.Match[str] | None:
    """What makes a unit one that ends by itself."""
    return None if _REMAINS.search(file.text) else _ONESHOT.search(file.text)


def _hides_mask(found: Declared, file: UnitFile) -> bool:
    return not file.is_drop_in and not found.is_quadlet(file)


def _own(file: UnitFile) -> Finding:
    message = f"{file.unit} cannot be masked: its own file lies where the mask would"
    return Finding(OWN_MASK, file.place, message, "write `state: stopped`, or leave the file out")


def _never(file: UnitFile, ends: re.Match[str]) -> Finding:
    message = f"{file.unit} is done as soon as it ran, so it is never running"
    return Finding(NEVER_RUNS, _line(file, ends), message, "add `RemainAfterExit=yes`, or a timer that starts it")
