"""Tables by the path of a value in a Compose file: `services.*.ports`, where a star is any key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar, overload

Keys = tuple[str, ...]
"""The keys that lead to a value; an item of a list has the key `*`."""

Entry = TypeVar("Entry")


class Table(Generic[Entry]):
    """What a table has for a path. A pattern that names a key goes before one with a star."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._root: _Branch[Entry] = _Branch()
        for pattern, entry in entries.items():
            self._root.add(pattern.split("."), entry)
        self._root.settle()

    @overload
    def get(self, keys: Keys) -> Entry | None: ...

    @overload
    def get(self, keys: Keys, default: Entry) -> Entry: ...

    def get(self, keys: Keys, default: Entry | None = None) -> Entry | None:
        branch = self._branch(keys)
        return default if branch is None or branch.entry is None else branch.entry

    def look(self, keys: Keys) -> tuple[Entry | None, bool]:
        """What there is for a path, and whether there is something below it."""
        branch = self._branch(keys)
        return (None, False) if branch is None else (branch.entry, bool(branch.below))

    def _branch(self, keys: Keys) -> _Branch[Entry] | None:
        branch = self._root
        for key in keys:
            below = branch.below.get(key) or branch.below.get("*")
            if below is None:
                return None
            branch = below
        return branch


class _Branch(Generic[Entry]):
    """What is below a key of some patterns."""

    __slots__ = ("below", "entry")

    def __init__(self) -> None:
        self.below: dict[str, _Branch[Entry]] = {}
        self.entry: Entry | None = None

    def add(self, pattern: Sequence[str], entry: Entry) -> None:
        branch = self
        for key in pattern:
            branch = branch.below.setdefault(key, _Branch())
        branch.entry = entry

    def settle(self) -> None:
        """Put what is behind a star behind the names beside it, too, so that one way leads to every entry."""
        star = self.below.get("*")
        for branch in self.below.values():
            if star is not None and branch is not star:
                branch.absorb(star)
            branch.settle()

    def absorb(self, other: _Branch[Entry]) -> None:
        self.entry = other.entry if self.entry is None else self.entry
        for key, branch in other.below.items():
            self.below.setdefault(key, _Branch()).absorb(branch)


def dotted(keys: Keys) -> str:
    """A path for a message, which names the list and not the item: its place says which one."""
    return ".".join(key for key in keys if key != "*")
