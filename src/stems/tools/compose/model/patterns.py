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

    @overload
    def get(self, keys: Keys) -> Entry | None: ...

    @overload
    def get(self, keys: Keys, default: Entry) -> Entry: ...

    def get(self, keys: Keys, default: Entry | None = None) -> Entry | None:
        found = self._root.find(keys, 0)
        return default if found is None else found


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

    def find(self, keys: Keys, at: int) -> Entry | None:
        branch = self
        for index in range(at, len(keys)):
            named, star = branch.below.get(keys[index]), branch.below.get("*")
            if named is not None and star is not None and named is not star:
                found = named.find(keys, index + 1)
                return star.find(keys, index + 1) if found is None else found
            below = named or star
            if below is None:
                return None
            branch = below
        return branch.entry


def dotted(keys: Keys) -> str:
    """A path for a message."""
    return ".".join(keys)
