"""Which Compose services run on a node, as far as the repository says which profiles are active there."""

from __future__ import annotations

from stems.model.claim import Certainty
from stems.model.node import Node
from stems.tools.base import Job
from stems.tools.compose.project import Project
from stems.tools.compose.tree import ENV, has, values
from stems.tools.compose.written import as_list

_ACTIVE = "COMPOSE_PROFILES"


def profiles_of(project: Project, service: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for text in project.all_services.get(service, ()):
        own = frozenset(str(name) for name in as_list(text.body.get("profiles")))
        found = own if text.replaces("profiles") else found | own
    return found


def active(job: Job, node: Node, project: Project) -> frozenset[str] | None:
    """The profiles that the repository activates; `None` where the `.env` of the node may activate some."""
    env = f"{project.folder}/{ENV}"
    given = values(job, node, env)
    if _ACTIVE not in given and not has(job, env):
        return None
    return frozenset(name.strip() for name in given.get(_ACTIVE, "").split(",")) - {""}


def runs(job: Job, node: Node, project: Project, service: str) -> Certainty | None:
    """How surely a service is part of the project on a node; `None` where it has profiles and none is active."""
    needed = profiles_of(project, service)
    # Compose activates the profiles of a service that it is told by name.
    if not needed or service in project.service.only:
        return Certainty.CERTAIN
    known = active(job, node, project)
    if known is None:
        return Certainty.POSSIBLE
    return Certainty.CERTAIN if needed & known or "*" in known else None
