"""What runs: Compose projects, containers of playbooks, units; and on which node, where that can be known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname

from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.placement import Placing
from stems.lifecycle.assessment.playbooks import plays_of, role_tasks
from stems.model.assessment import Evidence, FoundNode, FoundService
from stems.model.finding import Place, Severity
from stems.tools.compose.model.project import Project
from stems.tools.compose.model.read import EVERY_PROFILE, read_project
from stems.tools.compose.model.reading import EVERYTHING, Given
from stems.validation.files import File, Files

_COMPOSE = re.compile(
    r"(?:docker-)?compose(?:[._-](?P<variant>[\w-]+))?\.ya?ml|(?P<stem>[\w-]+)[._-](?:docker-)?compose\.ya?ml"
)
_WORKSHOPS = re.compile(r"docker|compose|deploy(?:ment)?|app|src|stack|build|container", re.IGNORECASE)
_OVERRIDES = re.compile(r"override|overrides|dev|development|test|testing|debug|ci|prod|production|staging|local|build")
_UNIT = re.compile(r"(?P<name>[\w@.-]+?)\.(?:service|container|pod)(?:\.j2|\.tmpl)?")
_CONSTRAINT = re.compile(r"node\.hostname\s*==\s*(?P<node>[\w.-]+)")
_CONTAINER = re.compile(r"(?:[\w.]+\.)?(?:docker|podman)_container")
_HEADER = re.compile(r"^\[(?:Service|Container|Pod)\]", re.MULTILINE)
_MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Files that are not in the repository: something else writes them, or somebody keeps them from Git."""

    files: Files

    def __contains__(self, path: object) -> bool:
        return not isinstance(path, str) or path not in self.files


def services_of(look: Look, nodes: Sequence[FoundNode]) -> tuple[FoundService, ...]:
    found = {(one.tool, one.folder, one.name): one for one in (*_projects(look), *_containers(look), *_units(look))}
    placed = Placing(look, nodes).placed(found.values())
    return tuple(sorted(placed, key=lambda one: (one.name, one.folder, one.tool)))


def _projects(look: Look) -> Iterator[FoundService]:
    folders: dict[str, list[tuple[File, str]]] = {}
    for file in look.settled:
        found = _COMPOSE.fullmatch(file.name)
        if found and "services" in file.text:
            folders.setdefault(file.folder, []).append((file, found["variant"] or found["stem"] or ""))
    for files in folders.values():
        plain = [(file, variant) for file, variant in files if not variant]
        # What stands beside a plain file is laid over it.
        others = [(file, variant) for file, variant in files if not _OVERRIDES.fullmatch(variant)]
        for file, variant in plain[:1] or others or files[:1]:
            yield _project(look, file, variant)


def _project(look: Look, file: File, variant: str) -> FoundService:
    project = _read(look, file)
    services = list(project.services.values())
    images = {
        one.image.text: Evidence(one.image.place, one.image.text)
        for one in reversed(services)
        # One that is built here only gets its name so.
        if one.image and isinstance(one.image.text, str) and not one.build
    }
    refused = next((one for one in project.findings if one.severity is Severity.ERROR), None)
    return FoundService(
        _name(look, file, variant),
        "compose",
        file.folder,
        file.place(1),
        tuple(project.services)[:_MOST_PARTS],
        tuple(reversed(images.values()))[:_MOST_PARTS],
        has_page=_has_page(look, file.folder),
        wanted=tuple(_wanted(project)),
        keeps_data=any(mount.kind in ("volume", "bind") for one in services for mount in one.mounts),
        trouble=f"{refused.place}: {refused.message}" if refused else "",
    )


def _wanted(project: Project) -> Iterator[str]:
    """The nodes that a Swarm is told to put it on."""
    for service in project.services.values():
        constraints = service.value.at("deploy", "placement", "constraints")
        for one in constraints.items if constraints else ():
            found = _CONSTRAINT.fullmatch(one.data.strip()) if isinstance(one.data, str) else None
            if found:
                yield found["node"]


def _read(look: Look, file: File) -> Project:
    def read(path: str) -> str | None:
        found = look.files.get(path)
        return found.text if found else None

    given = Given(unknown=EVERYTHING, rendered=_Elsewhere(look.files), profiles=(EVERY_PROFILE,))
    return read_project(read, file.folder, given, files=(file.name,))


def _name(look: Look, file: File, variant: str) -> str:
    if variant and not _OVERRIDES.fullmatch(variant):
        return variant.lower()
    folder = file.folder
    while folder and _WORKSHOPS.fullmatch(basename(folder)):
        folder = dirname(folder)
    return (basename(folder) or look.name).lower()


def _has_page(look: Look, folder: str) -> bool:
    return bool(folder) and any(f"{folder}/{name}" in look.files for name in ("README.md", "readme.md", "README"))


def _containers(look: Look) -> Iterator[FoundService]:
    for role in role_tasks(look):
        for place, task in role.tasks:
            for key, arguments in task.items():
                if _CONTAINER.fullmatch(str(key)) and isinstance(arguments, Mapping):
                    yield _container(role.role, dirname(dirname(role.file.path)), place, arguments)
    for play in plays_of(look):
        for task in play.tasks:
            for key, arguments in task.items():
                if _CONTAINER.fullmatch(str(key)) and isinstance(arguments, Mapping):
                    yield _container("", dirname(play.place.path), play.place, arguments)


def _container(role: str, folder: str, place: Place, arguments: Mapping[str, object]) -> FoundService:
    name, image = arguments.get("name"), arguments.get("image")
    known = name if isinstance(name, str) and "{" not in name else role
    images = (Evidence(place, image),) if isinstance(image, str) and "{" not in image else ()
    return FoundService((known or basename(folder)).lower(), "ansible", folder, place, images=images)


def _units(look: Look) -> Iterator[FoundService]:
    for file in look.settled:
        found = _UNIT.fullmatch(file.name)
        if found and _HEADER.search(file.text):
            name = found["name"].rstrip("@").lower()
            yield FoundService(name, "systemd", file.folder, file.place(1), has_page=_has_page(look, file.folder))
