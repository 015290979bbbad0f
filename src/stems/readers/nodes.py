"""The tree that a YAML text is read into: every value and key with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.model.names import printable
from stems.readers.scalars import Scalar

MAX_MESSAGE = 300


@dataclass(slots=True)
class YamlNode:
    """One value with its place. `size` and `height` count what aliases expand to."""

    place: Place
    tag: str = ""
    scalar: Scalar = None
    is_text: bool = False
    items: list[YamlNode] | None = None
    keys: dict[str, YamlNode] | None = None
    values: dict[str, YamlNode] = field(default_factory=lambda: _NO_VALUES)
    size: int = 1
    height: int = 1

    def add(self, text: str, key: YamlNode, value: YamlNode) -> None:
        if self.keys is None:
            self.keys, self.values = {}, {}
        self.keys[text] = key
        self.values[text] = value

    def key_place(self, text: str) -> Place:
        """Where a key is written, or the mapping itself when it has no such key."""
        return (self.keys or {}).get(text, self).place

    def merge(self, source: YamlNode) -> None:
        """Take over the keys that this mapping does not have, as YAML 1.1's merge key does."""
        for text, key in (source.keys or {}).items():
            if text not in self.values:
                self.add(text, key, source.values[text])


class YamlError(ConfigurationError):
    """A text that is not acceptable YAML, at a `place`."""

    def __init__(self, place: Place, message: str) -> None:
        self.place = place
        self.message = printable(message).replace("\n", " ")[:MAX_MESSAGE]
        super().__init__(f"{place}: {self.message}", remedy=f"edit {place.path}")


class InvalidYamlError(YamlError):
    """A text that no reader of YAML takes."""


class RepeatedKeyError(YamlError):
    """A key that a mapping has twice: YAML forbids it, and most readers silently take the second value."""


def refuse(place: Place, message: str) -> NoReturn:
    raise YamlError(place, message)


def plain(node: YamlNode) -> object:
    """A node as dictionaries, lists and scalars, with nothing shared."""
    if node.items is not None:
        return [plain(item) for item in node.items]
    if node.keys is not None:
        return {key: plain(value) for key, value in node.values.items()}
    return node.scalar


# Most nodes are no mappings: one dictionary stands for all that they do not have.
_NO_VALUES: dict[str, YamlNode] = {}


def step(node: YamlNode, key: str | int) -> YamlNode | None:
    """The value under a key or index, if there is one."""
    if isinstance(key, int):
        items = node.items or []
        return items[key] if 0 <= key < len(items) else None
    return node.values.get(key)
