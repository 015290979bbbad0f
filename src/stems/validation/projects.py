"""The Compose projects of a cluster as they are written, for rules about services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stems.errors import ConfigurationError
from stems.model.node import Node
from stems.readers.interpolation import interpolate, references
from stems.tools.base import Job
from stems.tools.compose.preview import compose_services
from stems.tools.compose.project import Project, read_project
from stems.tools.compose.required import supplied
from stems.tools.compose.variables import GIVEN, environment
from stems.validation.subject import Subject

COMPOSE = "compose"


@dataclass(frozen=True)
class Composed:
    """One project on one node. `promised` are names that only the node's `.env` gives a value."""

    node: Node
    project: Project
    values: dict[str, str]
    promised: frozenset[str]

    def text(self, written: object) -> str | None:
        """A value with its variables replaced, `None` where only the node knows what it is."""
        if not isinstance(written, str):
            return None
        if any(reference.name in self.promised for reference in references(written)):
            return None
        return interpolate(written, self.values)


def projects_of(subject: Subject) -> tuple[Composed, ...]:
    """Each project on each node, asked for with `subject.once`. One that cannot be read is found by its tool."""
    return tuple(
        found
        for tool, job in subject.jobs
        if tool.NAME == COMPOSE
        for node in subject.cluster.nodes.values()
        for found in _on(job, node)
    )


def _on(job: Job, node: Node) -> Iterator[Composed]:
    values = environment(job, node)
    for service in compose_services(job, node):
        try:
            project = read_project(job, service, node)
            promised = (supplied(job, project) | GIVEN) - values.keys()
        except ConfigurationError:
            continue
        yield Composed(node, project, values, frozenset(promised))
