"""Everything that was found, for those who say what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import FoundDomain, FoundNode, FoundService, Part
from stems.model.finding import Finding

SHOWN = 3
"""Places that a gap names; its count says how many there are."""
SEVERAL = 3
"""From how many on something is a habit."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was found, for those who say what is missing."""

    look: Look
    nodes: Sequence[FoundNode]
    domains: Sequence[FoundDomain]
    services: Sequence[FoundService]
    templates: Sequence[Part]
    variables: Sequence[Part]
    checks: Sequence[Part]
    pages: Sequence[Part]
    manual: Sequence[Part]
    findings: Sequence[Finding]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there that could be judged."""
        return not (self.domains or self.services or self.nodes or self.manual)


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
