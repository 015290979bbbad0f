"""What is judged, and what several rules need to know of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from stems.errors import ConfigurationError
from stems.model.cluster import Cluster
from stems.model.finding import Finding, Place
from stems.readers.nodes import YamlError
from stems.tools.base import Job, Tool
from stems.validation.codes import REFUSED_BY_TOOL, UNREADABLE
from stems.validation.files import Files
from stems.validation.ownership import Clash, Held, claims_of, clashes_of

T = TypeVar("T")

NO_CLUSTER = Cluster("", "", {})
"""Stands for a cluster file that cannot be read: rules about files can still be checked."""


@dataclass(frozen=True)
class Subject:
    """What is judged: a cluster, one job with its tool for each domain entry, and the files of the repository.

    `read` is what is wrong with the files of stems itself: where the cluster file cannot be used there is `NO_CLUSTER`.
    `rules` are the codes of rules by their names, `linted` is what linters of other people found. Everything that is
    costly is asked for once.
    """

    cluster: Cluster
    jobs: Sequence[tuple[Tool, Job]] = ()
    files: Files = field(default_factory=Files)
    read: Sequence[Finding] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    linted: Sequence[Finding] = ()
    _made: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def claims(self) -> dict[str, tuple[Held, ...]]:
        """By node."""
        return claims_of(self.cluster, self.jobs)

    @cached_property
    def clashes(self) -> tuple[Clash, ...]:
        return clashes_of(self.claims)

    @cached_property
    def told(self) -> Mapping[str, Sequence[Finding]]:
        """What tools and linters find, by the code of the rule whose finding it is."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.linted:
            found[finding.code].append(finding)
        known = frozenset(self.rules.values())
        for finding in _of_tools(self.jobs):
            # A tool of another package has codes of its own.
            found[finding.code if finding.code in known else REFUSED_BY_TOOL].append(finding)
        return found

    def once(self, make: Callable[[Subject], T]) -> T:
        """What `make` says of this subject, made for the first rule that asks and kept for the others."""
        if make not in self._made:
            self._made[make] = make(self)
        made: T = self._made[make]
        return made


def _of_tools(jobs: Sequence[tuple[Tool, Job]]) -> Iterator[Finding]:
    for tool, job in jobs:
        try:
            yield from tool.check(job)
        except YamlError as error:
            yield Finding(UNREADABLE, error.place, error.message)
        except ConfigurationError as error:
            yield Finding(REFUSED_BY_TOOL, Place(job.settings.source), error.problem, error.remedy)
