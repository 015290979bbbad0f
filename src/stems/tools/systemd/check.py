"""What is wrong with the units of services, seen without a node."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stems.model.finding import Finding
from stems.model.service import Service, UnitState
from stems.tools.base import Job
from stems.tools.systemd.units import NAME, Declared, UnitFile, declared, folder_of

NO_UNIT, ODD_FILE, NOT_A_UNIT, NEVER_RUNS = "STM560", "STM561", "STM562", "STM563"
_SECTION = re.compile(r"^\[[A-Za-z-]+\]\s*$", re.MULTILINE)
_ONESHOT = re.compile(r"^\s*Type\s*=\s*oneshot\s*$", re.MULTILINE)
_REMAINS = re.compile(r"^\s*RemainAfterExit\s*=\s*(?:yes|true|on|1)\s*$", re.MULTILINE)


def check(job: Job) -> Iterable[Finding]:
    return [
        finding
        for service in job.cluster.services.values()
        if service.tool == NAME
        for finding in _of_service(job, service, declared(job, [service]))
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
            yield Finding(NOT_A_UNIT, file.place, "no section such as [Service] in it", "write it as systemd reads it")
    if service.state is UnitState.RUNNING:
        running = {unit.name for unit in found.units if not unit.is_activated}
        yield from (_never(file) for file in found.files if file.unit in running and _ends(file))


def _ends(file: UnitFile) -> bool:
    return bool(_ONESHOT.search(file.text)) and not _REMAINS.search(file.text)


def _never(file: UnitFile) -> Finding:
    message = f"{file.unit} is done as soon as it ran, so it is never running"
    return Finding(NEVER_RUNS, file.place, message, "add `RemainAfterExit=yes`, or a timer that starts it")
