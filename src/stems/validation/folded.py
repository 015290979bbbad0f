"""Findings that say the same at one place, told as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from stems.model.finding import Finding

MOST_NAMED = 8
SIGN = ": "
"""What follows those that a message is about."""


def at_one_place(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Those of one place that differ in whose they are, which an anchor makes of one line."""
    groups: dict[Finding, list[str]] = defaultdict(list)
    for finding in findings:
        about, sign, said = finding.message.partition(SIGN)
        groups[replace(finding, message=said if sign else finding.message)] += [about] if sign else []
    for finding, names in groups.items():
        yield replace(finding, message=f"{listed(names)}{SIGN}{finding.message}") if names else finding


def listed(names: Sequence[str]) -> str:
    some = list(dict.fromkeys(names))
    more = f" and {len(some) - MOST_NAMED} more" if len(some) > MOST_NAMED else ""
    return ", ".join(some[:MOST_NAMED]) + more
