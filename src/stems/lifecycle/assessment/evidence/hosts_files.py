"""Nodes that a `hosts` file gives an address. It may also name printers and routers: this is only a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import islice

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.readers.hosts_file import HostsEntry, read_hosts_file

_FILES = re.compile(r"(?:.*/)?(?:(?:\w+[_-])?hosts(?:\.(?:tmpl|j2|conf|txt|local|lan))?|hosts\.d/[^/]+)")
_GROUP = re.compile(r"^\s*\[", re.MULTILINE)
_OF_NO_NODE = re.compile(r"localhost.*|ip6-.*|broadcasthost|.*\.docker\.internal|kubernetes\..*")
_MOST = 100
"""What names more is a list of what is blocked."""


def sightings(look: Look) -> Iterator[Sighting]:
    for file in look.settled:
        if not _FILES.fullmatch(file.path) or _GROUP.search(file.text):
            continue
        found = list(islice(filter(_is_of_a_node, read_hosts_file(file.text, file.path)), _MOST + 1))
        for entry in found if len(found) <= _MOST else ():
            # People write the long name first; the short one is what they say.
            first = min(entry.names, key=lambda name: ("." in name, entry.names.index(name)))
            others = tuple(name for name in entry.names if name != first)
            yield Sighting(first, entry.place, "hosts file", Strength.MENTIONED, others, entry.address)


def _is_of_a_node(entry: HostsEntry) -> bool:
    try:
        address = ip_address(entry.address)
    except ValueError:
        return False
    useless = address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local
    return not (useless or str(address) == "255.255.255.255" or all(map(_OF_NO_NODE.fullmatch, entry.names)))
