"""What a claim is about, in one form however it is written."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

_EVERYWHERE = frozenset({"", "0.0.0.0", "::", "[::]", "*"})  # noqa: S104  # compared, never bound
_HOME = re.compile(r"~([^/]*)(/.*)?|/home/([^/]+)(/.*)?|/(root)(/.*)?")


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind and a name that are equal for equal resources; a port also has the `address` it listens on."""

    kind: str
    name: tuple[str, ...]
    address: str = ""

    def meets(self, other: Resource) -> bool:
        """Whether both cannot be owned apart: a listener on every address meets all others."""
        return self.name == other.name and (
            self.address == other.address or not _EVERYWHERE.isdisjoint((self.address, other.address))
        )


def resource_of(text: str, user: str = "") -> Resource:
    """A resource as claims write it; `user` is the SSH user, whose home `~/` is."""
    kind, _, rest = text.partition(":")
    if kind == "file":
        return Resource(kind, (kind, *_path(rest, user)))
    if kind == "port":
        address, _, port = rest.rpartition(":")
        return Resource(kind, (kind, port if "/" in port else f"{port}/tcp"), address)
    return Resource(kind, (kind, rest))


def _path(path: str, user: str) -> tuple[str, ...]:
    """The account whose home it is in, if any, and the path. Homes are `/home/NAME`, and `/root`."""
    path = posixpath.normpath(path)
    match = _HOME.fullmatch(path)
    if not match:
        return "", path
    tilde, below_tilde, name, below_home, root, below_root = match.groups()
    account = tilde or name or root or user
    # Where OpenSSH decides the user, `~/` is a home of its own and equals no other.
    return account or "~", below_tilde or below_home or below_root or "/"
