"""The tree that Compose files are read into: every value with its place, after variables are replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stems.model.finding import Place
from stems.readers.scalars import Scalar
from stems.readers.substitution import Unknown


@dataclass(frozen=True, slots=True)
class Moment:
    """A date that is not in quotes, which YAML reads as one and Compose accepts nowhere."""

    text: str


Data = dict[str, "Value"] | list["Value"] | Scalar | Unknown | Moment


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `key` is where the key that it has is written; an item of a list has its own place there.

    `written` is the text before variables were replaced, for messages about what is unknown.
    """

    data: Data
    place: Place
    key: Place
    tag: str = ""
    written: str = ""

    def having(self, data: Data) -> Value:
        return Value(data, self.place, self.key, "", self.written)

    def having_place(self, other: Value) -> Value:
        """The same where another one is written."""
        return Value(self.data, other.place, other.key, self.tag, self.written)

    @property
    def fields(self) -> Mapping[str, Value]:
        return self.data if isinstance(self.data, dict) else {}

    @property
    def items(self) -> list[Value]:
        return self.data if isinstance(self.data, list) else []

    def at(self, *keys: str) -> Value | None:
        """What is below some keys, if there is something."""
        found = self
        for key in keys:
            inner = found.data.get(key) if isinstance(found.data, dict) else None
            if inner is None:
                return None
            found = inner
        return found


def plain(value: Value | None) -> object:
    """Dictionaries, lists and scalars, and `UNKNOWN` for what is not known."""
    if value is None:
        return None
    if isinstance(value.data, dict):
        return {key: plain(inner) for key, inner in value.data.items()}
    if isinstance(value.data, list):
        return [plain(item) for item in value.data]
    return value.data.text if isinstance(value.data, Moment) else value.data


def is_true(value: Value | None) -> bool:
    return value is not None and value.data is True


def yes(value: Value) -> Value:
    """A truth that is meant where a value is written."""
    return value.having(True)  # noqa: FBT003  # it is data
