"""Tables by the path of a value in a Compose file: `services.*.ports`, where a star is any key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, TypeVar, overload

Keys = tuple[str, ...]
"""The keys that lead to a value; an item of a list has the key `*`."""

Entry = TypeVar("Entry")


class Table(Generic[Entry]):
    """What a table has for a path. A pattern that names a key goes before one with a star."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = {tuple(pattern.split(".")): entry for pattern, entry in entries.items()}
        self._lengths = {len(pattern) for pattern in self._entries}
        self._stars = {tuple(key == "*" for key in pattern) for pattern in self._entries}

    @overload
    def get(self, keys: Keys) -> Entry | None: ...

    @overload
    def get(self, keys: Keys, default: Entry) -> Entry: ...

    def get(self, keys: Keys, default: Entry | None = None) -> Entry | None:
        if len(keys) not in self._lengths:
            return default
        for stars in self._stars:
            if len(stars) == len(keys):
                pattern = tuple("*" if is_star else key for is_star, key in zip(stars, keys, strict=True))
                if pattern in self._entries:
                    return self._entries[pattern]
        return default


def dotted(keys: Keys) -> str:
    """A path for a message."""
    return ".".join(keys)
