"""A rule broken at a place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from stems.model.edit import Edit


class Severity(Enum):
    """What a finding does: an error stops, a warning is shown, a note is shown last."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the repository: a path and, from 1, a line and a column (0 when not known)."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: where, what, and what to do instead. `also` are the other places that it is about.

    `fix` are edits that mend it and change no meaning. `linter_code` is what the linter that found it calls it.
    """

    code: str
    place: Place
    message: str
    remedy: str = ""
    severity: Severity = Severity.ERROR
    also: tuple[Place, ...] = ()
    fix: tuple[Edit, ...] = ()
    linter_code: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": self.severity.value,
            "path": self.place.path,
            "line": self.place.line,
            "column": self.place.column,
            "message": self.message,
            "remedy": self.remedy,
            "also": [str(place) for place in self.also],
            "fixable": bool(self.fix),
            "linter_code": self.linter_code,
        }
