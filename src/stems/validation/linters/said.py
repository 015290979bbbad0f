"""What linters print is data: read strictly, cut to a line, and never more than it says it is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stems.model.names import printable

_LONGEST = 400


def document(output: bytes) -> object:
    """The JSON that was printed. Raises `ValueError` for anything else."""
    try:
        return json.loads(output.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise ValueError("what it printed is no JSON") from None


def entries(value: object) -> Iterator[Mapping[str, Any]]:
    """The mappings of a list."""
    if not isinstance(value, list):
        raise ValueError("what it printed is no list")  # noqa: TRY004  # one kind of error for all that is unexpected
    for entry in value:
        yield mapping(entry)


def mapping(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("what it printed is no mapping")  # noqa: TRY004  # as above
    return value


def text(entry: Mapping[str, Any], *keys: str) -> str:
    """The text under the first of the keys that there is one under."""
    for key in keys:
        found = entry.get(key)
        if isinstance(found, str):
            return line(found)
    raise ValueError(f"no `{keys[0]}` in what it printed")


def number(entry: Mapping[str, Any], key: str) -> int:
    """A line or a column; 0 where it is not known."""
    found = entry.get(key)
    if found is None:
        return 0
    if not isinstance(found, int) or isinstance(found, bool):
        raise ValueError(f"`{key}` is no number in what it printed")  # noqa: TRY004  # as above
    return max(0, min(found, 10**9))


def line(said: str) -> str:
    """A text of theirs as one line of a message."""
    said = printable(" ".join(said.split())).rstrip(".")
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def told(streams: Iterable[str]) -> str:
    """What it said of its own failure: the first line, or the last one where Python tells where it broke."""
    for stream in streams:
        lines = [part for part in stream.splitlines() if part.strip()]
        if lines:
            return line(lines[-1] if lines[0].startswith("Traceback") else lines[0])
    return "it said nothing"
