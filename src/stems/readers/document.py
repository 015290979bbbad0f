"""A YAML document that was read, without the parser that read it."""

from __future__ import annotations

from dataclasses import dataclass, field

from stems.model.finding import Place
from stems.readers.nodes import YamlNode, step


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its plain value, and where each part of it is written.

    A place of something that does not exist is the place of the nearest part above it. What came by an alias has the
    place of its anchor; the alias itself has its own.
    """

    path: str
    value: object
    _root: YamlNode = field(repr=False, compare=False)

    @property
    def size(self) -> int:
        """How many values it has; what came by an alias counts as often as it is used."""
        return self._root.size

    @property
    def root(self) -> YamlNode:
        """The value as it is written, with tags and what was in quotes."""
        return self._root

    def place(self, *keys: str | int) -> Place:
        """Where the value under `keys` is written."""
        return self._nearest(keys)[0].place

    def key_place(self, *keys: str | int) -> Place:
        """Where the last of `keys` itself is written; for an item of a list, its value."""
        parent, found = self._nearest(keys[:-1])
        if keys and found and keys[-1] in parent.values:
            return parent.key_place(str(keys[-1]))
        return self.place(*keys)

    def tag(self, *keys: str | int) -> str:
        """The tag that is written before a value, for instance `!vault`, or nothing."""
        node, found = self._nearest(keys)
        return node.tag if found else ""

    def _nearest(self, keys: tuple[str | int, ...]) -> tuple[YamlNode, bool]:
        node = self._root
        for key in keys:
            inner = step(node, key)
            if inner is None:
                return node, False
            node = inner
        return node, True
