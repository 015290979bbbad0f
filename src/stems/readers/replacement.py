"""Another value of a key inside an entry of a YAML text, everything else as somebody wrote it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from stems.errors import ConfigurationError
from stems.readers.document import Document
from stems.readers.insertion import OTHER_ENDS
from stems.readers.written import write_scalar
from stems.readers.yaml import read_yaml

_VALUES = tuple(
    re.compile(pattern)
    for pattern in (
        r'"(?:[^"\\]|\\.)*"',
        r"'(?:[^']|'')*'",
        r"\[[^\[\]#]*\]",
        r"[^\s,\[\]{}#][^,\[\]{}#]*?(?=\s*(?:[,}\]]|$|\s#))",
        r"[^\s#].*?(?=\s*$|\s+#)",
    )
)
"""One value on one line: quoted, a list of plain words, a word in flow style, or the rest of the line."""

_HEADER = re.compile(r"[|>][0-9+-]*")


def with_value(text: str, *, path: str, keys: tuple[str, str], key: str, value: str, after: str) -> str | None:
    """The text with `key: value` in the entry that `keys` lead to; a new key comes behind the key `after`.

    None where it cannot be done for sure: what was written is read again, and must be what was wanted.
    """
    document = read_yaml(text, path, strict=True)
    whole = document.value
    if OTHER_ENDS.search(text):
        return None
    section, name = keys
    inside = whole.get(section) if isinstance(whole, dict) else None
    entry = inside.get(name) if isinstance(inside, dict) else None
    if not isinstance(whole, dict) or not isinstance(inside, dict) or not isinstance(entry, dict):
        return None
    if entry.get(key) == value:
        return text
    expected = {**whole, section: {**inside, name: {**entry, key: value}}}
    attempts = _changed if key in entry else _added
    for changed in attempts(text, document, (*keys, key), value, after):
        try:
            if read_yaml(changed, path, strict=True).value == expected:
                return changed
        except ConfigurationError:
            continue
    return None


def _changed(text: str, document: Document, keys: tuple[str, ...], value: str, _: str) -> Iterator[str]:
    lines = text.split("\n")
    place = document.place(*keys)
    line, start = lines[place.line - 1], place.column - 1
    for end in _ends(line, start):
        for written in _spellings(value):
            yield _joined(lines, place.line - 1, line[:start] + written + line[end:])
    more = _continued(lines, place.line, start, document.key_place(*keys).column - 1)
    if more:
        header = _HEADER.match(line, start)
        rest = line[header.end() :] if header else ""
        for written in _spellings(value):
            first = line[:start] + written + rest
            yield "\n".join([*lines[: place.line - 1], first, *lines[place.line + more :]])


def _continued(lines: list[str], at: int, start: int, indent: int) -> int:
    """How many lines go on with a plain or block text that begins on the line before them.

    A quoted one may have a comment behind its end, which would be lost.
    """
    is_block, is_quoted = bool(_HEADER.match(lines[at - 1], start)), lines[at - 1][start : start + 1] in ("'", '"')
    width = next((_indent(line) for line in lines[at:] if line.strip()), 0)
    if is_quoted or width <= indent:
        return 0
    last = 0
    for count, line in enumerate(lines[at:], start=1):
        if line.strip() and (_indent(line) < width or (line.lstrip().startswith("#") and not is_block)):
            break
        last = count if line.strip() else last
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _added(text: str, document: Document, keys: tuple[str, ...], value: str, after: str) -> Iterator[str]:
    lines = text.split("\n")
    neighbour = (*keys[:-1], after)
    at, place = document.key_place(*neighbour), document.place(*neighbour)
    line = lines[place.line - 1]
    for written in _spellings(value):
        for end in _ends(line, place.column - 1):
            yield _joined(lines, place.line - 1, f"{line[:end]}, {keys[-1]}: {written}{line[end:]}")
        yield _joined(lines, place.line - 1, f"{line}\n{' ' * (at.column - 1)}{keys[-1]}: {written}")


def _ends(line: str, start: int) -> Iterator[int]:
    yield from dict.fromkeys(match.end() for pattern in _VALUES if (match := pattern.match(line, start)))


def _spellings(value: str) -> Iterator[str]:
    yield from dict.fromkeys((write_scalar(value), json.dumps(value, ensure_ascii=False)))


def _joined(lines: list[str], at: int, line: str) -> str:
    return "\n".join([*lines[:at], line, *lines[at + 1 :]])
