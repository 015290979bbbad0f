"""One finding for a Compose project, where one of each of its services would say the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stems.model.finding import Finding
from stems.validation.folded import SIGN, at_one_place, listed
from stems.validation.projects import projects_of, services_of
from stems.validation.subject import Subject


@dataclass(frozen=True, slots=True)
class PerProject:
    """One finding for each project and remedy. `what` is true of its containers, whose names begin the messages."""

    what: str

    def __call__(self, subject: Subject, findings: Sequence[Finding]) -> Iterator[Finding]:
        projects = subject.once(_projects)
        groups: dict[object, list[Finding]] = defaultdict(list)
        for finding in findings:
            number = projects.get(finding.place.path, finding.place.path)
            groups[number, finding.remedy, finding.severity].append(finding)
        for found in groups.values():
            yield from self._together(subject, sorted(found, key=lambda finding: finding.place))

    def _together(self, subject: Subject, found: Sequence[Finding]) -> Iterator[Finding]:
        names = dict.fromkeys(finding.message.partition(SIGN)[0] for finding in found)
        if len(names) == 1:
            yield from at_one_place(found)
            return
        total = subject.once(_totals)[subject.once(_projects).get(found[0].place.path, -1)]
        all_of_them = {0: str(len(names)), 2: "both"}.get(total, f"all {total}")
        how_many = f"{len(names)} of {total}" if total > len(names) else all_of_them
        also = dict.fromkeys(finding.place for finding in found if finding.place != found[0].place)
        message = f"{how_many} containers {self.what}{SIGN}{listed(list(names))}"
        yield replace(found[0], message=message, also=tuple(also))


def _projects(subject: Subject) -> Mapping[str, int]:
    """The number of the project that a file belongs to; the first one where several include it."""
    found: dict[str, int] = {}
    for number, composed in enumerate(subject.once(projects_of)):
        for path in composed.project.files:
            found.setdefault(path, number)
    return found


def _totals(subject: Subject) -> Counter[int]:
    """How many services there are in each project."""
    projects = subject.once(_projects)
    names = {(projects.get(one.place.path, -1), one.name) for _, one in subject.once(services_of)}
    return Counter(number for number, _ in names)
