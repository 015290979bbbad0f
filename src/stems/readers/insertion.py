"""One more entry in a section of a YAML text, everything else as somebody wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stems.errors import ConfigurationError
from stems.readers.document import Document
from stems.readers.written import write_yaml
from stems.readers.yaml import read_yaml

OTHER_ENDS = re.compile("[\r\x85\u2028\u2029]")
"""Ends of lines for YAML that are not those of this file's other lines."""
_EMPTY = re.compile(r"(?P<key>\S+:)\s*\{\s*\}(?P<rest>\s*(?:#.*)?)$")


def with_entry(text: str, *, path: str, section: str, name: str, entry: Mapping[str, object]) -> str | None:
    """The text with `name: entry` at the end of a section of the top level, which is made where there is none.

    None where the text is not in block style there, so that nothing can be added to it for sure.
    """
    document = read_yaml(text, path, strict=True)
    value = document.value
    if not isinstance(value, dict) or OTHER_ENDS.search(text):
        return None
    there = value.get(section)
    if not isinstance(there, dict | None) or name in (there or {}):
        return None
    lines = text.removesuffix("\n").split("\n")
    changed = [*lines, "", f"{section}:", *_lines(name, entry, 2)]
    if section in value:
        found = _inside(lines, document, section=section, name=name, entry=entry)
        if found is None:
            return None
        changed = found
    written = "\n".join(changed) + "\n"
    expected = {**value, section: {**(there or {}), name: dict(entry)}}
    try:
        return written if read_yaml(written, path, strict=True).value == expected else None
    except ConfigurationError:
        return None


def _inside(
    lines: list[str], document: Document, *, section: str, name: str, entry: Mapping[str, object]
) -> list[str] | None:
    start = document.key_place(section)
    assert isinstance(document.value, dict)  # noqa: S101  # who asks has seen the section in it
    entries = document.value[section]
    if entries:
        first = document.key_place(section, next(iter(entries)))
        if first.line == start.line:
            return None
        indent = first.column - 1
    else:
        empty = _EMPTY.fullmatch(lines[start.line - 1])
        if empty:
            lines = [*lines[: start.line - 1], (empty["key"] + empty["rest"]).rstrip(), *lines[start.line :]]
        indent = 2
    at = _end(lines, document, section, indent)
    return [*lines[:at], *_lines(name, entry, indent), *lines[at:]]


def _end(lines: list[str], document: Document, section: str, indent: int) -> int:
    """The line before which the next entry of a section stands: what is written above another key stays with it."""
    assert isinstance(document.value, dict)  # noqa: S101  # as above
    start = document.key_place(section).line
    later = [place.line for key in document.value if (place := document.key_place(key)).line > start]
    at = min(later) - 1 if later else len(lines)
    while at > start and _is_between(lines[at - 1], indent):
        at -= 1
    return at


def _is_between(line: str, indent: int) -> bool:
    """A blank line, a comment that is not indented like an entry, or the end of the document."""
    stripped = line.strip()
    is_comment = stripped.startswith("#") and len(line) - len(line.lstrip()) < indent
    return not stripped or is_comment or stripped == "..."


def _lines(name: str, entry: Mapping[str, object], indent: int) -> list[str]:
    return write_yaml({name: entry}, indent=indent).splitlines()
