"""Which projects and containers of a node nobody declared: what could be adopted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from stems.model.names import DEPLOYMENT, printable
from stems.tools.compose.existing.found import Existing, Found
from stems.tools.compose.existing.ports import published
from stems.tools.compose.project import PROJECT

# As `apply` calls them.
_MADE_WAY = re.compile(rf"\.before-{DEPLOYMENT.pattern}$")
PROJECT_KIND, CONTAINER_KIND = "project", "container"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A Compose project, or a container that was started by itself."""

    kind: str
    name: str
    containers: tuple[Existing, ...]

    @property
    def is_project(self) -> bool:
        return self.kind == PROJECT_KIND

    @property
    def images(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.image for one in self.containers))

    @property
    def ports(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(port for one in self.containers for port in published(one)))

    @property
    def volumes(self) -> tuple[str, ...]:
        """Named volumes by name, everything else by its path on the node."""
        mounts = (mount for one in self.containers for mount in one.mounts)
        return tuple(dict.fromkeys(printable(str(m.get("Name") or m.get("Source") or "tmpfs")) for m in mounts))

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.state for one in self.containers))


def candidates(found: Found, claimed: Collection[str]) -> tuple[Candidate, ...]:
    """`claimed` are resources of declared services, as claims name them."""
    return tuple(one for one in grouped(found) if not refusal(one, claimed))


def grouped(found: Found) -> Iterator[Candidate]:
    """Every project and every other container, adoptable or not. Those of `docker compose run` belong to nobody."""
    projects: dict[str, list[Existing]] = {}
    alone = []
    for one in sorted(found.containers, key=lambda each: each.name):
        if one.labels.get("com.docker.compose.oneoff") == "True":
            continue
        if one.project:
            projects.setdefault(one.project, []).append(one)
        else:
            alone.append(one)
    yield from (Candidate(PROJECT_KIND, name, tuple(ones)) for name, ones in sorted(projects.items()))
    yield from (Candidate(CONTAINER_KIND, one.name, (one,)) for one in alone)


def refusal(one: Candidate, claimed: Collection[str]) -> str:
    """Why something cannot be adopted, empty when it can."""
    clusters = sorted({each.labels["stems.cluster"] for each in one.containers if "stems.cluster" in each.labels})
    if clusters:
        return f"stems runs it already, for the cluster {printable(clusters[0])}"
    if f"{one.kind}:{one.name}" in claimed:
        return "a declared service owns it"
    if one.is_project and not PROJECT.fullmatch(one.name):
        return "its project has a name that Compose would not take"
    if _MADE_WAY.search(one.name):
        return "it made way for the container of a service"
    if any("com.docker.swarm.task.id" in each.labels for each in one.containers):
        return "Docker Swarm runs it"
    return ""
