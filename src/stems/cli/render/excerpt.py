"""The line that a finding is about, and a caret below its column."""

from __future__ import annotations

import unicodedata

from stems.model.finding import Place
from stems.model.names import printable
from stems.tools.redact import REDACTED, redacted
from stems.validation.files import Files

WIDTH = 90
_BEFORE = 30
_CUT = "…"


def excerpt(files: Files, place: Place) -> tuple[str, str] | None:
    """The line and the caret's, where the place is one of a text; a long line is cut around its column."""
    file = files.get(place.path)
    lines = file.lines if file and place.line else []
    if not 0 < place.line <= len(lines) or not lines[place.line - 1].strip():
        return None
    # What is shown may be the log of a forge.
    line = redacted(printable(lines[place.line - 1].replace("\t", " ")))
    if not line.replace(REDACTED, "").strip():
        return None
    column = min(place.column or len(line) - len(line.lstrip()) + 1, len(line) + 1)
    text, at = _cut(line, column - 1)
    return text, " " * sum(map(_cells, text[:at])) + "^"


def _cut(line: str, at: int) -> tuple[str, int]:
    """The part of a line to show, and where in it the column is."""
    line = line.rstrip()
    if len(line) <= WIDTH:
        # An indent only takes room.
        indent = min(len(line) - len(line.lstrip()), at)
        return line[indent:], at - indent
    start = max(0, min(at - _BEFORE, len(line) - WIDTH))
    part = line[start : start + WIDTH]
    head, tail = _CUT if start else "", _CUT if start + WIDTH < len(line) else ""
    return f"{head}{part}{tail}", at - start + len(head)


def _cells(character: str) -> int:
    """How wide a character is on a terminal."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
