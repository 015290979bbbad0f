"""Plain values as YAML text that every reader takes for the same value, and single values replaced in a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from stems.errors import ConfigurationError
from stems.readers.document import Document
from stems.readers.scalars import read_scalar
from stems.readers.yaml import read_yaml

Keys = tuple[str | int, ...]

# What no version of YAML takes for a number, a date, a truth or anything but text, in a flow or out of it.
_PLAIN = re.compile(r"-{0,2}[A-Za-z./_$][A-Za-z0-9./_@$+~-]*(?:[: ][A-Za-z0-9./_@$+~-]+)*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})
_TOKEN = re.compile(
    r"""(?P<double>"(?:[^"\\]|\\.)*")|(?P<single>'(?:[^']|'')*')|(?P<plain>[^\s"'#&*!|>%@`\[\]{},]\S*)"""
)


def write_yaml(value: object, *, indent: int = 0) -> str:
    """Mappings and lists in block style, in the order that they have."""
    return "".join(f"{' ' * indent}{line}\n" for line in _lines(value))


def write_scalar(value: object) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS and read_scalar(value) == value:
        return value
    text = json.dumps(value, ensure_ascii=False)
    # YAML allows fewer characters unescaped than JSON.
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _after(f"{write_scalar(str(key))}:", inner)
    elif isinstance(value, list) and value:
        for inner in value:
            if isinstance(inner, Mapping | list) and inner:
                first, *rest = _lines(inner)
                yield f"- {first}"
                yield from (f"  {line}" for line in rest)
            else:
                yield f"- {_flat(inner)}"
    else:
        yield _flat(value)


def _after(key: str, value: object) -> Iterator[str]:
    if isinstance(value, Mapping | list) and value:
        yield key
        yield from (f"  {line}" for line in _lines(value))
    else:
        yield f"{key} {_flat(value)}"


def _flat(value: object) -> str:
    return "{}" if isinstance(value, Mapping) else "[]" if isinstance(value, list) else write_scalar(value)


def with_values(text: str, document: Document, changes: Mapping[Keys, str]) -> str | None:
    """The text with single values replaced and all else as it was; None where that cannot be done surely."""
    lines = text.splitlines(keepends=True)
    places: dict[tuple[int, int], str] = {}
    for keys, new in changes.items():
        place = document.place(*keys)
        if places.setdefault((place.line, place.column), new) != new:
            return None
    for (line, column), new in sorted(places.items(), reverse=True):
        end = _end(lines[line - 1], column - 1)
        if end < 0:
            return None
        lines[line - 1] = lines[line - 1][: column - 1] + write_scalar(new) + lines[line - 1][end:]
    written = "".join(lines)
    return written if _says(written, document.path, _changed(document.value, changes)) else None


def _end(line: str, start: int) -> int:
    """Where the value that starts in a line ends, -1 when it does not end there for sure."""
    found = _TOKEN.match(line, start)
    if not found:
        return -1
    if not found["plain"]:
        return found.end()
    # A plain value ends before a comment, or in a flow before what goes on there.
    rest = re.match(r"(?:(?!\s+#|:\s|[,\]}]|\s*$).)*", line[start:])
    return start + rest.end() if rest else -1


def _changed(value: object, changes: Mapping[Keys, str]) -> object:
    changed: Any = deepcopy(value)
    for keys, new in changes.items():
        inner = changed
        for key in keys[:-1]:
            inner = inner[key]
        inner[keys[-1]] = new
    return changed


def _says(text: str, path: str, value: object) -> bool:
    try:
        return read_yaml(text, path).value == value
    except ConfigurationError:
        return False
