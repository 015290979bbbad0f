"""Exceptions that are written beside what they are about: `# stems: allow STM405: REASON`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

_STARTS = ("#", "//", ";", "<!--", "/*", "{{/*", "{{- /*")
_COMMENT = re.compile(
    r"(?:#|//|;|<!--|/\*)\s*stems:\s*allow\s+(?P<code>[A-Z]{2,8}\d{1,4})\b"
    r"(?:\s+until\s+(?P<until>\d{4}-\d\d-\d\d))?\s*:?\s*(?P<reason>.*?)\s*(?:-->|\*/.*)?$"
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A comment that accepts one code, why, up to which day, and the line that it is in."""

    code: str
    reason: str
    line: int
    until: date | None = None

    def is_over(self, today: date) -> bool:
        """Whether it has expired: it still counts on the day itself."""
        return self.until is not None and today > self.until


def allowed_at(lines: Sequence[str], line: int) -> Iterator[Allowed]:
    """The exceptions for what is in `line`, counted from 1: in that line, and in the comments right above it."""
    if not 0 < line <= len(lines):
        return
    yield from _of(lines[line - 1], line)
    for number in range(line - 1, 0, -1):
        text = lines[number - 1].strip()
        if not text.startswith(_STARTS):
            return
        yield from _of(text, number)


def _of(text: str, line: int) -> Iterator[Allowed]:
    match = _COMMENT.search(text)
    if match:
        until = _day(match["until"]) if match["until"] else None
        yield Allowed(match["code"], match["reason"].strip(), line, until)


def _day(text: str) -> date:
    """A day that no calendar has is long over, so that nobody relies on it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
