"""The Compose projects of a repository as Compose would read them, declared or not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from stems.model.cluster import CLUSTER_FILE
from stems.model.finding import Finding, Severity
from stems.model.node import Node
from stems.model.service import Service as DeclaredService
from stems.tools.base import Job
from stems.tools.compose.declared import declared_projects
from stems.tools.compose.model.project import Project, Service
from stems.tools.compose.model.read import read_project
from stems.tools.compose.model.reading import UNDEFINED
from stems.validation.files import File
from stems.validation.project_files import Candidate, Sources, candidates, normal
from stems.validation.subject import Subject

COMPOSE = "compose"
_NAMED = re.compile(r"`([\w.-]+)`")


@dataclass(frozen=True)
class Composed:
    """One project, and the nodes where it reads like this: none where nobody declares it.

    `is_alone` is false for a file that may be one of several. `beside` are others that may be laid over it. What it
    does not say, those may.
    """

    project: Project
    declared: DeclaredService | None = None
    nodes: tuple[Node, ...] = ()
    is_alone: bool = True
    beside: tuple[File, ...] = ()

    def says_all(self, *words: str) -> bool:
        """Whether what it does not say is said nowhere: no other file has one of the words for it."""
        return self.is_alone and not any(word in file.text for file in self.beside for word in words)

    @property
    def services(self) -> Mapping[str, Service]:
        """Those that are meant, whether or not a profile holds them back."""
        only = self.declared.only if self.declared else ()
        return {name: one for name, one in self.project.services.items() if not only or name in only}


def projects_of(subject: Subject) -> tuple[Composed, ...]:
    """Every project, asked for with `subject.once`. A declared one that reads otherwise elsewhere is there again."""
    sources = Sources(subject.files)
    declared = tuple(found for tool, job in subject.jobs if tool.NAME == COMPOSE for found in _declared(job, sources))
    found = (*declared, *_undeclared(sources, frozenset(_folders(subject))))
    return tuple(replace(one, beside=sources.beside(one.project)) for one in found)


def services_of(subject: Subject) -> tuple[tuple[Composed, Service], ...]:
    """Every Compose service with its project, asked for with `subject.once`."""
    return tuple(
        (composed, service) for composed in subject.once(projects_of) for service in composed.services.values()
    )


def worst(subject: Subject, composed: Composed) -> Severity:
    """How bad what surely breaks is: what nobody declares keeps no plan from being made."""
    is_out_of_plan = composed.declared is None and CLUSTER_FILE in subject.files
    return Severity.WARNING if is_out_of_plan else Severity.ERROR


def refused(subject: Subject, code: str) -> Iterator[Finding]:
    """What Compose would refuse of projects that nobody declares. Of the others their tool tells."""
    for composed in subject.once(projects_of):
        if composed.declared is None:
            for finding in refusals(composed):
                if finding.code == code:
                    is_error = finding.severity is Severity.ERROR
                    yield replace(finding, severity=worst(subject, composed)) if is_error else finding


def refusals(composed: Composed) -> Iterator[Finding]:
    """What Compose would refuse of a project, without environment files, which a rule of their own is about."""
    project = composed.project
    if not project.files or not composed.is_alone:
        return
    env_files = {file.place for one in project.services.values() for file in one.env_files if file.is_found is not True}
    for finding in project.findings:
        is_elsewhere = finding.code == UNDEFINED and _is_beside(composed, finding)
        if finding.place not in env_files and not is_elsewhere:
            yield finding


def _is_beside(composed: Composed, finding: Finding) -> bool:
    """Whether a file that may be laid over the project has what this one names."""
    named = _NAMED.search(finding.message)
    key = re.compile(rf"^[ \t]+[\"']?{re.escape(named[1])}[\"']?[ \t]*:", re.MULTILINE) if named else None
    return key is not None and any(key.search(file.text) for file in composed.beside)


def _folders(subject: Subject) -> Iterator[str]:
    for tool, job in subject.jobs:
        if tool.NAME == COMPOSE:
            yield from (_folder(job, service) for service in job.cluster.services.values() if service.tool == COMPOSE)


def _folder(job: Job, service: DeclaredService) -> str:
    return normal(f"{job.settings.source}/{service.where}")


def _declared(job: Job, sources: Sources) -> Iterator[Composed]:
    for declared in job.once(declared_projects):
        sources.note(declared.paths)
        yield Composed(declared.project, declared.service, declared.nodes)


def _undeclared(sources: Sources, declared: frozenset[str]) -> Iterator[Composed]:
    others: list[Project] = []
    for candidate in candidates(sources, declared):
        if not sources.is_read(candidate.path):
            project = _read(sources, candidate)
            if candidate.is_default:
                yield Composed(project)
            else:
                others.append(project)
    names = Counter((project.folder, name) for project in others for name in project.services)
    for project in others:
        is_whole = all(one.image or one.build for one in project.services.values())
        is_only = all(names[project.folder, name] == 1 for name in project.services)
        yield Composed(project, is_alone=is_whole and is_only)


def _read(sources: Sources, candidate: Candidate) -> Project:
    folder = candidate.folder
    named = (candidate.path.rpartition("/")[2],) if not candidate.is_default else sources.named_files(folder)
    return read_project(sources.read, folder, sources.assumed(folder), files=named)
