"""`hosts` files with places: addresses, each with the names that lead to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.model.finding import Place

_LINE = re.compile(
    r"\s*(?P<address>\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*+)[ \t]+(?P<names>[^#]*)", re.ASCII
)
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class HostsEntry:
    """One line: an address and its names."""

    address: str
    names: tuple[str, ...]
    place: Place


def read_hosts_file(text: str, path: str) -> Iterator[HostsEntry]:
    """Every line that names something. What is no such line is passed over, and so is what a template writes."""
    for number, line in enumerate(text.split("\n"), start=1):
        found = _LINE.match(line)
        # What a template writes is not there yet.
        names = tuple(filter(_NAME.fullmatch, found["names"].split())) if found and "{{" not in line else ()
        if found and names:
            yield HostsEntry(found["address"], names, Place(path, number, found.start("address") + 1))
