"""Environment files (`NAME=value`) with positions, as Compose reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.errors import ConfigurationError
from stems.model.finding import Place

_LINE = re.compile(r"\s*(?:export\s+)?(?P<name>[\w.\[\]-]+)\s*(?:(?P<sign>[=:])[ \t]*(?P<rest>.*))?$")
_INSIDE = {quote: re.compile(rf"(?:[^{quote}\\]|\\.)*") for quote in "'\""}
_ESCAPE = re.compile(r"\\(?:[abfnrtv$\"\\]|0[0-7]{0,3})")
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an environment file. `value` is `None` for a name alone, which is taken from the environment.

    `is_literal` says that it stood in single quotes, where nothing is interpolated.
    """

    name: str
    value: str | None
    place: Place
    is_literal: bool = False


def read_env(text: str, path: str) -> tuple[Entry, ...]:
    """Every entry in order. Raises `ConfigurationError` with the place of a line that is none."""
    return tuple(_entries(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), path))


def _entries(lines: list[str], path: str) -> Iterator[Entry]:
    at = 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None:
            raise ConfigurationError(f"{path}:{number}:1: not a line of the form NAME=value", remedy=f"edit {path}")
        place = Place(path, number, match.start("name") + 1)
        rest = match["rest"] or ""
        quote = rest[:1] if rest[:1] in {"'", '"'} else ""
        if quote:
            value, at = _quoted(lines, rest, at=at, place=place)
            yield Entry(match["name"], value, place, is_literal=quote == "'")
        else:
            yield Entry(match["name"], _plain(rest) if match["sign"] else None, place)


def _plain(rest: str) -> str:
    # A comment starts after a space: `#` right behind the sign or a letter is part of the value.
    return rest.partition(" #")[0].rstrip()


def _quoted(lines: list[str], rest: str, *, at: int, place: Place) -> tuple[str, int]:
    """A quoted value, which may go over several lines, and the line after it."""
    quote, line = rest[0], rest[1:]
    said = []
    while True:
        end = _end(quote, line)
        said.append(line[:end])
        if end < len(line):
            break
        if at >= len(lines):
            raise ConfigurationError(f"{place}: the quote that opens here is never closed", remedy=f"edit {place.path}")
        line = lines[at]
        at += 1
    value = "\n".join(said)
    return (_ESCAPE.sub(_unescaped, value) if quote == '"' else value.replace("\\'", "'")), at


def _end(quote: str, line: str) -> int:
    """Where a quote closes in a line, or the end of the line."""
    found = _INSIDE[quote].match(line)
    end = found.end() if found else 0
    return end if line.startswith(quote, end) else len(line)


def _unescaped(found: re.Match[str]) -> str:
    what = found[0][1:]
    return chr(int(what, 8)) if what[0] == "0" else _ESCAPED.get(what, what)
