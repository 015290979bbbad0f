"""Sections with a short and a long form, brought to the long one: lists of `NAME=value`, lists of names, one item."""

from __future__ import annotations

from collections.abc import Callable

from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.value import Moment, Value, yes
from stems.tools.compose.model.words import as_text

Form = Callable[[Value], Value]


def as_pairs(value: Value) -> Value:
    """A mapping of a list of `NAME=value`. An entry whose name is not known has its own text as name."""
    if not isinstance(value.data, list):
        return value
    pairs: dict[str, Value] = {}
    for item in value.items:
        text = item.data
        if isinstance(text, str):
            name, sign, rest = text.partition("=")
            pairs[name] = item.having(rest if sign else None)
        elif text is UNKNOWN:
            name = item.written.partition("=")[0]
            pairs[item.written if "$" in name else name] = item
        else:
            return value
    return value.having(dict(pairs))


def as_list(value: Value) -> Value:
    """A list of one for a text."""
    return value.having([value]) if _is_text(value) else value


def as_host_list(value: Value) -> Value:
    """`NAME=address` for each address of a mapping of names."""
    if not isinstance(value.data, dict):
        return value
    return value.having(
        [_after(f"{name}=", one) for name, address in value.fields.items() for one in address.items or [address]]
    )


def as_named(value: Value) -> Value:
    """A mapping with nothing below the names of a list."""
    return _of_names(value, lambda item: None)


def as_dependencies(value: Value) -> Value:
    def started(item: Value) -> dict[str, Value]:
        return {"condition": item.having("service_started"), "required": yes(item)}

    return _of_names(value, started)


def as_field(name: str) -> Form:
    """A mapping with one key for a text."""

    def form(value: Value) -> Value:
        return value.having({name: value}) if _is_text(value) else value

    return form


def _of_names(value: Value, inner: Callable[[Value], dict[str, Value] | None]) -> Value:
    if not isinstance(value.data, list):
        return value
    names: dict[str, Value] = {}
    for item in value.items:
        if not _is_text(item):
            return value
        names[item.data if isinstance(item.data, str) else item.written] = item.having(inner(item))
    return value.having(dict(names))


def _is_text(value: Value) -> bool:
    return isinstance(value.data, str) or value.data is UNKNOWN


def _after(start: str, value: Value) -> Value:
    if isinstance(value.data, dict | list | Moment) or value.data is UNKNOWN:
        return value
    return value.having(start + as_text(value.data))
