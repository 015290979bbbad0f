"""What a claim is about, in one form however it is written."""

from __future__ import annotations

import ipaddress
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache

EVERY_ADDRESS = "*"
_EVERY_OF_A_FAMILY = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared, never bound
_HOME = re.compile(r"~([^/]*)(/.*)?")


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind and a name that are equal for equal resources; a port also has the `address` it listens on."""

    kind: str
    name: str
    address: str = ""

    def meets(self, other: Resource) -> bool:
        """Whether both are one thing: a listener on every address meets all others."""
        return (self.kind, self.name) == (other.kind, other.name) and _are_shared(self.address, other.address)


# Nodes of one cluster have mostly the same.
@lru_cache(maxsize=20_000)
def resource_of(text: str, user: str = "") -> Resource:
    """A resource as claims write it; `user` is the SSH user, whose home `~/` is."""
    kind, _, rest = text.partition(":")
    if kind == "file":
        return Resource(kind, _path(rest, user))
    if kind == "port":
        address, _, port = rest.rpartition(":")
        return Resource(kind, port if "/" in port else f"{port}/tcp", _address(address))
    return Resource(kind, rest)


@lru_cache(maxsize=20_000)
def above(path: str) -> tuple[str, ...]:
    """Every directory that a path of a resource lies in, the nearest first."""
    found = []
    while (folder := posixpath.dirname(path)) not in ("", path):
        found.append(folder)
        path = folder
    return tuple(found)


def _path(path: str, user: str) -> str:
    """Homes are `/home/NAME`, and `/root`. Where OpenSSH decides the user, `~` equals no other home."""
    match = _HOME.fullmatch(path)
    if match:
        account = match[1] or user
        home = "/root" if account == "root" else f"/home/{account}" if account else "~"
        path = home + (match[2] or "")
    path = posixpath.normpath(path)
    # Two slashes at the beginning are kept by POSIX.
    return f"/{path.lstrip('/')}" if path.startswith("/") else path


def _address(text: str) -> str:
    text = text.strip("[]")
    if text in ("", EVERY_ADDRESS):
        return EVERY_ADDRESS
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text


def _are_shared(one: str, other: str) -> bool:
    if one == other or EVERY_ADDRESS in (one, other):
        return True
    return (":" in one) == (":" in other) and not _EVERY_OF_A_FAMILY.isdisjoint((one, other))
