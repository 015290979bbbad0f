"""What is wrong with the units of services, seen without a node."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from stems.model.finding import Finding, Place, Severity
from stems.model.service import Scope, Service, UnitState
from stems.tools.base import Job
from stems.tools.systemd.manager import SYSTEM, Manager
from stems.tools.systemd.units import NAME, Declared, UnitFile, declared, folder_of, target_of

NO_UNIT, ODD_FILE, NOT_A_UNIT, NEVER_RUNS = "STM560", "STM561", "STM562", "STM563"
NO_TARGET, OWN_MASK, UNDECLARED = "STM564", "STM565", "STM502"
_SECTION = re.compile(r"^\[[A-Za-z-]+\]\s*$", re.MULTILINE)
_ONESHOT = re.compile(r"^[ \t]*(Type[ \t]*=[ \t]*oneshot)[ \t]*$", re.MULTILINE)
_WANTED = re.compile(r"^[ \t]*(?:WantedBy|RequiredBy)[ \t]*=[ \t]*([^\n]*)", re.MULTILINE)
_OF_THE_SYSTEM = frozenset({"multi-user.target", "graphical.target"})
_REMAINS = re.compile(r"^[ \t]*RemainAfterExit\s*=\s*(?:yes|true|on|1)\s*$", re.MULTILINE)


def check(job: Job) -> Iterable[Finding]:
    return [
        *(
            finding
            for service in job.cluster.services.values()
            if service.tool == NAME
            for finding in _of_service(job, service, declared(job, [service], Manager(service.scope)))
        ),
        *_undeclared(job),
    ]


def _undeclared(job: Job) -> Iterator[Finding]:
    """Folders beside those of services, with units that nobody brings to a node."""
    above = job.named("")
    prefix = "" if above == "." else f"{above}/"
    declared_ones = {name for service in job.cluster.services.values() for name in (service.name, service.where)}
    found = set[str]()
    for path in job.tree.tracked:
        folder, _, below = path.removeprefix(prefix).partition("/")
        if path.startswith(prefix) and below and target_of(below, SYSTEM) and not folder.startswith("."):
            found.add(folder)
    for folder in sorted(found - declared_ones):
        message = "no service of config/cluster.yml has this name, so nothing brings these units to a node"
        remedy = "declare it under `services`, or remove the folder"
        yield Finding(UNDECLARED, Place(f"{prefix}{folder}"), message, remedy, Severity.NOTE)


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
        if service.scope is Scope.USER and (wanted := _only_of_the_system(file.text)):
            place = _at(file, wanted.start(1))
            message = f"{file.unit} would never be started: the manager of a user has no such target"
            yield Finding(NO_TARGET, place, message, "write `WantedBy=default.target`")
    if service.state is UnitState.RUNNING:
        running = {unit.name for unit in found.units if not unit.is_activated}
        yield from (_never(file, ends) for file in found.files if file.unit in running and (ends := _end(file)))
    if service.state is UnitState.MASKED:
        masked = {unit.name for unit in found.units if unit.is_own}
        yield from (_own(file) for file in found.files if file.unit in masked and _hides_mask(found, file))


def _only_of_the_system(text: str) -> re.Match[str] | None:
    """The line that names targets, where none of them is one that a user has. Several lines add up."""
    lines = [line for line in _WANTED.finditer(text) if line[1].strip()]
    names = {name for line in lines for name in line[1].split()}
    return lines[0] if lines and names <= _OF_THE_SYSTEM else None


def _at(file: UnitFile, offset: int) -> Place:
    text = file.text
    return replace(file.place, line=text.count("\n", 0, offset) + 1, column=offset - text.rfind("\n", 0, offset))


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
    return Finding(
        NEVER_RUNS, _at(file, ends.start(1)), message, "add `RemainAfterExit=yes`, or a timer that starts it"
    )
