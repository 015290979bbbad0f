"""Which findings of a tree a person accepts: in `config/exceptions.yml`, or beside what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from stems.model.finding import Finding, Place
from stems.model.names import is_relative_path
from stems.model.rule_exception import RuleException
from stems.readers.allowed import Allowed, allowed_at

NO_REASON = "STM121"
_LARGEST = 1024 * 1024


@dataclass(slots=True)
class Exceptions:
    """The exceptions of one tree on one day. Without a `root` there is no text for some to be beside."""

    root: Path | None = None
    listed: Sequence[RuleException] = ()
    today: date = field(default_factory=date.today)
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def judged(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """What is left of findings: those that nobody accepts, and exceptions that say no reason."""
        for finding in findings:
            yield from self._judged(finding)

    def in_force(self, code: str) -> tuple[RuleException, ...]:
        """The listed exceptions for a code that have not expired."""
        return tuple(each for each in self.listed if each.code == code and not each.is_over(self.today))

    def _judged(self, finding: Finding) -> Iterator[Finding]:
        beside = [each for each in self._beside(finding.place) if each.code == finding.code]
        listed = [each for each in self.listed if each.is_about(finding.code, finding.place.path)]
        counting = [each for each in beside if each.reason and not each.is_over(self.today)]
        if counting or any(not each.is_over(self.today) for each in listed):
            return
        for comment in (each for each in beside if not each.reason):
            place = Place(finding.place.path, comment.line)
            yield Finding(
                NO_REASON, place, f"an exception for {comment.code} without a reason", "say why after the code"
            )
        days = [day for day in (*(each.until for each in listed), *(each.until for each in beside)) if day]
        yield replace(finding, message=f"{finding.message} (its exception ended on {days[0]})") if days else finding

    def _beside(self, place: Place) -> list[Allowed]:
        return list(allowed_at(self._read(place.path), place.line))

    def _read(self, path: str) -> list[str]:
        if path not in self._lines:
            self._lines[path] = _lines_of(self.root / path) if self.root and is_relative_path(path) else []
        return self._lines[path]


def _lines_of(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines() if path.stat().st_size <= _LARGEST else []
    except OSError:
        return []
