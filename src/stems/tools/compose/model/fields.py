"""Single fields of values, in the types that the nouns have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from stems.readers.substitution import UNKNOWN, Unknown
from stems.tools.compose.model.project import Text, Variable
from stems.tools.compose.model.quantities import problem
from stems.tools.compose.model.specs.quantity import read_duration, read_size
from stems.tools.compose.model.value import Moment, Value
from stems.tools.compose.model.words import as_text

Amount = TypeVar("Amount", int, float)


def text_of(value: Value | None, default: str = "") -> Text:
    if value is None or isinstance(value.data, dict | list | Moment) or value.data is None:
        return default
    return value.data if isinstance(value.data, Unknown) else as_text(value.data)


def texts_of(value: Value | None) -> tuple[Text, ...]:
    return tuple(text_of(item) for item in value.items) if value else ()


def flag_of(value: Value | None) -> bool | Unknown:
    return UNKNOWN if value is not None and value.data is UNKNOWN else bool(value is not None and value.data is True)


def whole_of(value: Value | None) -> int | Unknown | None:
    found = number_of(value)
    return int(found) if isinstance(found, float) else found


def number_of(value: Value | None) -> float | Unknown | None:
    """A number; None where there is none, or no number."""
    data = value.data if value else None
    if data is UNKNOWN:
        return UNKNOWN
    if isinstance(data, str):
        try:
            return float(data)
        except ValueError:
            return None
    return float(data) if isinstance(data, int | float) and not isinstance(data, bool) else None


def size_of(value: Value | None) -> int | Unknown | None:
    if value is not None and isinstance(value.data, str):
        return _parsed(value, read_size)
    return whole_of(value)


def duration_of(value: Value | None) -> float | Unknown | None:
    return _parsed(value, read_duration) if value is not None else None


def variables_of(value: Value | None) -> Mapping[str, Variable]:
    """The pairs of a mapping; null is a name without a value."""
    return dict(_variables(value)) if value else {}


def _variables(value: Value) -> Iterator[tuple[str, Variable]]:
    for name, inner in value.fields.items():
        yield name, Variable(inner.place, None if inner.data is None else text_of(inner))


def _parsed(value: Value, parse: Callable[[str], Amount]) -> Amount | Unknown | None:
    if value.data is UNKNOWN:
        return UNKNOWN
    return None if not isinstance(value.data, str) or problem(value, parse) else parse(value.data)
