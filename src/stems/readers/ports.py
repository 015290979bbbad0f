"""Published ports as Compose, Docker and Podman write them: `127.0.0.1:8080:80/tcp`, ranges and IPv6 included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

EVERY_ADDRESS = "*"
_PUBLISHED = re.compile(
    r"(?:(?P<address>\[[0-9a-fA-F:.]+\]|[0-9a-fA-F:.]*):)?(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?"
    r":(?P<inside>\d{1,5}(?:-\d{1,5})?)(?:/(?P<protocol>tcp|udp|sctp))?"
)
_MOST_PORTS = 1024


@dataclass(frozen=True, slots=True)
class Port:
    """A port of the node. `is_certain` unless it is one of a range, of which only one is taken."""

    address: str
    number: int
    protocol: str
    is_certain: bool = True

    def __str__(self) -> str:
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{address}:{self.number}/{self.protocol}"


def published(text: str) -> Iterator[Port]:
    """The ports of the node that an entry takes; none for one that Docker chooses, or that is no such entry."""
    match = _PUBLISHED.fullmatch(text)
    if match is None:
        return
    first, last = int(match["first"]), int(match["last"] or match["first"])
    address = (match["address"] or "").strip("[]") or EVERY_ADDRESS
    is_certain = first == last or "-" in match["inside"]
    # Docker chooses one for 0.
    for number in range(max(first, 1), min(last, first + _MOST_PORTS - 1) + 1):
        yield Port(address, number, match["protocol"] or "tcp", is_certain)
