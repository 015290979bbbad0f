"""Ports of a node that a service takes, as people read them: ranges are one, and where each listens is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from stems.lifecycle.generate.addresses import is_loopback, literal
from stems.model.claim import Certainty, Claim
from stems.validation.resource import EVERY_ADDRESS, resource_of

_KIND = "port:"


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """Ports from `first` to `last` on one address. Where only the node knows them, `written` is all that is said."""

    address: str
    protocol: str
    first: int
    last: int
    certainty: Certainty = Certainty.CERTAIN
    written: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it listens on every address of the node, or on all of a family."""
        found = literal(self.address)
        return self.address == EVERY_ADDRESS or (found is not None and found.is_unspecified)

    @property
    def is_local(self) -> bool:
        """Whether only the node itself reaches it."""
        return is_loopback(self.address)

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    def __str__(self) -> str:
        if self.written:
            return self.written
        address = f"[{self.address}]" if ":" in self.address else self.address
        numbers = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{address}:{numbers}/{self.protocol}"


def ports_of(claims: Iterable[Claim]) -> tuple[Port, ...]:
    """Sorted by number; what is only perhaps so is kept apart from what is sure."""
    found = [_port(claim) for claim in claims if claim.resource.startswith(_KIND)]
    known = sorted({port for port in found if not port.written}, key=_order)
    unknown = sorted({port.written: port for port in found if port.written}.values(), key=lambda port: port.written)
    return (*sorted(_joined(known), key=lambda port: (port.first, *_order(port))), *unknown)


def _port(claim: Claim) -> Port:
    resource = resource_of(claim.resource)
    number, _, protocol = resource.name.partition("/")
    if claim.certainty is Certainty.UNKNOWN or not number.isdecimal():
        return Port("", "", 0, 0, Certainty.UNKNOWN, claim.resource.removeprefix(_KIND))
    return Port(resource.address, protocol, int(number), int(number), claim.certainty)


def _order(port: Port) -> tuple[str, str, str, int]:
    return port.address, port.protocol, port.certainty.value, port.first


def _joined(ports: Iterable[Port]) -> Iterator[Port]:
    """Numbers that follow one another become a range."""
    for (address, protocol, certainty), same in groupby(ports, lambda port: _order(port)[:3]):
        first = last = 0
        for port in same:
            if first and port.first != last + 1:
                yield Port(address, protocol, first, last, Certainty(certainty))
                first = port.first
            first, last = first or port.first, port.first
        yield Port(address, protocol, first, last, Certainty(certainty))
