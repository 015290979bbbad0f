"""What units would own on a node: their files, their names, and the ports that sockets and quadlets listen on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.claim import Claim, Extent
from stems.model.finding import Place
from stems.model.node import Node
from stems.model.service import UnitState
from stems.readers.ports import EVERY_ADDRESS, published
from stems.tools.base import Job
from stems.tools.systemd.manager import managers
from stems.tools.systemd.units import NAME, Declared, Unit, UnitFile, declared, units_on

_PROTOCOLS = {"ListenStream": "tcp", "ListenDatagram": "udp"}
_ADDRESS = re.compile(r"(?:(\d+(?:\.\d+){3}|\[[0-9a-fA-F:.]+\]):)?(\d{1,5})")
_KEY = re.compile(r"\s*(ListenStream|ListenDatagram|PublishPort|BindIPv6Only)\s*=\s*(.*?)\s*")

Said = list[tuple[str, str, Place]]
"""Keys of a unit with their values and places."""


def claims(job: Job, node: Node) -> Iterator[Claim]:
    for manager in managers():
        yield from _of_manager(job, node, declared(job, units_on(job, node), manager))


def _of_manager(job: Job, node: Node, found: Declared) -> Iterator[Claim]:
    manager, started = found.manager, {unit.name for unit in found.units}
    for file in found.files:
        yield Claim(node.name, NAME, manager.file(file.path), file.place, file.service)
        if not file.is_drop_in and file.unit not in started:
            # What a timer starts, and a template, are units of this service as well.
            yield Claim(node.name, NAME, manager.unit(file.unit), file.place, file.service)
    for unit in found.units:
        place = unit.place if unit.is_own else job.cluster.written.place("services", unit.service, "unit")
        yield Claim(node.name, NAME, manager.unit(unit.name), place, unit.service)
        yield from _of_state(found, unit, node=node.name, place=place)


def _of_state(found: Declared, unit: Unit, *, node: str, place: Place) -> Iterator[Claim]:
    if unit.state is UnitState.MASKED and not unit.is_own:
        mask = found.manager.file(f"{found.manager.units}/{unit.name}")
        yield Claim(node, NAME, mask, place, unit.service, Extent.LINK)
    if unit.state is UnitState.RUNNING:
        for port, where in _ports(_said(found.files_of(unit.name))):
            yield Claim(node, NAME, f"port:{port}", where, unit.service)


def _said(files: tuple[UnitFile, ...]) -> Said:
    """What is said of ports in a unit and its drop-ins, in the order in which systemd reads them."""
    lines: Said = []
    for file in sorted(files, key=lambda file: (file.is_drop_in, file.path)):
        for number, line in enumerate(file.text.splitlines(), 1):
            match = _KEY.fullmatch(line)
            if match:
                lines.append((match[1], match[2], Place(file.place.path, number, 1)))
    return lines


def _ports(said: Said) -> Iterator[tuple[str, Place]]:
    last: dict[str, Said] = {}
    for key, value, place in said:
        group = "Listen" if key in _PROTOCOLS else key
        if value:
            last.setdefault(group, []).append((key, value, place))
        else:
            # Nothing after the sign forgets what was said before.
            last.pop(group, None)
    only_6 = last.get("BindIPv6Only", [("", "", Place(""))])[-1][1] == "ipv6-only"
    for _, value, place in last.get("PublishPort", []):
        yield from ((str(port), place) for port in published(value) if port.is_certain)
    for key, value, place in last.get("Listen", []):
        match = _ADDRESS.fullmatch(value)
        if match:
            yield f"{_address(match[1], only_6=only_6)}:{match[2]}/{_PROTOCOLS[key]}", place


def _address(written: str | None, *, only_6: bool) -> str:
    """A socket on every IPv6 address takes IPv4 as well, unless it is told not to."""
    if written in (None, "[::]"):
        return "[::]" if only_6 else EVERY_ADDRESS
    return str(written)
