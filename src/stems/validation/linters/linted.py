"""What came of asking the linters."""

from __future__ import annotations

from dataclasses import dataclass

from stems.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Missing:
    """A linter that is not here although there is something for it to read, and how to get it."""

    name: str
    how_to_get: str


@dataclass(frozen=True, slots=True)
class Linted:
    """Findings of linters, which of them answered, and which are missing. `are_asked` is false if none was wanted."""

    findings: tuple[Finding, ...] = ()
    answered: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    are_asked: bool = True


NOT_ASKED = Linted(are_asked=False)
