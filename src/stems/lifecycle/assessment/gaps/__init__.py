"""What the methodology asks for and a repository lacks: one module for each of the four questions."""

from __future__ import annotations

from stems.lifecycle.assessment.gaps import changes, manual, templates, validation
from stems.lifecycle.assessment.gaps.seen import Seen
from stems.model.assessment import Gap

QUESTIONS = (validation.gaps, templates.gaps, manual.gaps, changes.gaps)


def gaps_of(seen: Seen) -> tuple[Gap, ...]:
    """In the order of the questions; nothing is asked of a repository that has nothing to judge."""
    return () if seen.is_empty else tuple(gap for gaps in QUESTIONS for gap in gaps(seen))
