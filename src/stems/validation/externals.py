"""Networks and volumes that several projects use: which project makes one, or what else does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.tools.compose.model.project import Named, Project
from stems.validation.subject import Subject

KINDS = ("network", "volume")
_MAKES = {
    "network": re.compile(r"network create|docker_network|network_create|NetworkName="),
    "volume": re.compile(r"volume create|docker_volume|volume_create|VolumeName="),
}


def named_of(project: Project, kind: str) -> Iterator[Named]:
    yield from (project.networks if kind == "network" else project.volumes).values()


def made_by(project: Project, kind: str) -> Iterator[object]:
    """The names of those that a project makes when it is started."""
    yield from (one.real_name for one in named_of(project, kind) if one.is_external is False)
    if kind == "network":
        yield f"{project.name}_default"


def is_made_by_hand(subject: Subject, kind: str, name: str) -> bool:
    """Whether a script or a playbook makes it."""
    found = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    return any(found.search(text) for text in subject.once(_makers)[kind])


def _makers(subject: Subject) -> dict[str, list[str]]:
    texts = [file.text for file in subject.files if not file.is_documentation]
    return {kind: [text for text in texts if pattern.search(text)] for kind, pattern in _MAKES.items()}
