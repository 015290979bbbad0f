"""A rule: what it is called, why it matters, and how it is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from stems.model.cluster import Cluster
from stems.model.finding import Finding, Severity
from stems.tools.base import Job, Tool
from stems.validation.ownership import Clash, Held, claims_of, clashes_of


class Stage(IntEnum):
    """When a rule is checked: a stage that fails ends the judgement, because later ones build on it."""

    FILE = 1
    CLUSTER = 2
    TOOLS = 3
    ACROSS = 4


@dataclass(frozen=True)
class Subject:
    """What is judged: a cluster, and one job with its tool for each domain entry. Claims are asked for once."""

    cluster: Cluster
    jobs: Sequence[tuple[Tool, Job]] = ()

    @cached_property
    def claims(self) -> dict[str, tuple[Held, ...]]:
        """By node."""
        return claims_of(self.cluster, self.jobs)

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        return clashes_of(self.claims)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `name` is the bad pattern, readable after "allow"; `why` explains it."""

    code: str
    name: str
    stage: Stage
    why: str
    check: Callable[[Subject], Iterable[Finding]]
    severity: Severity = Severity.ERROR


def found_on_reading(subject: Subject) -> Iterable[Finding]:
    """The check of a rule without which there is no cluster to judge."""
    del subject
    return ()
