"""The texts in a YAML value that Ansible takes for templates or conditions, each with where it is."""

from __future__ import annotations

from collections.abc import Iterator

from stems.readers.document import Document

At = tuple[str | int, ...]
CONDITIONS = frozenset({"when", "changed_when", "failed_when", "until", "that", "break_when"})


def texts_in(document: Document, value: object, at: At = ()) -> Iterator[tuple[At, str]]:
    """Every text below a value that is no condition, but for those that Ansible is told not to touch."""
    if isinstance(value, str):
        if "{" in value and document.tag(*at) not in ("!unsafe", "!vault"):
            yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in CONDITIONS:
                yield from texts_in(document, inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_in(document, inner, (*at, index))


def conditions_in(value: object, at: At = ()) -> Iterator[tuple[At, str]]:
    """Every condition below a value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in CONDITIONS:
                found = inner if isinstance(inner, list) else [inner]
                yield from (((*at, key), each) for each in found if isinstance(each, str))
            elif isinstance(inner, dict | list):
                yield from conditions_in(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if isinstance(inner, dict | list):
                yield from conditions_in(inner, (*at, index))
