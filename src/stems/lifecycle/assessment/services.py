"""What runs: Compose projects, containers of playbooks, units; and on which node, where that can be known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from posixpath import basename, dirname

from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.placement import Placing
from stems.model.assessment import Evidence, FoundNode, FoundService
from stems.model.finding import Severity
from stems.tools.ansible.repository.roles import folder_of
from stems.tools.ansible.repository.tasks import Task
from stems.tools.compose.model.files import COMPOSE_FILES
from stems.tools.compose.model.project import Project
from stems.validation.dotfiles import is_source_name
from stems.validation.files import File
from stems.validation.filled_in import is_filled_in
from stems.validation.projects import Composed, projects_of, refusals
from stems.validation.sites import sites_of

_RENDERED = re.compile(r"[\w.-]*compose[\w.-]*\.ya?ml(?P<ending>\.j2|\.jinja2?|\.tmpl)?", re.IGNORECASE)
_IMAGE = re.compile(r"^[ ]+image:[ \t]*[\"']?(?P<image>[\w./:@-]+)[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
_SERVICES = re.compile(r"^services:", re.MULTILINE)
_WORKSHOPS = re.compile(r"docker|compose|deploy(?:ment)?|app|src|stack|build|container|templates?|files", re.IGNORECASE)
_NO_NAME = re.compile(
    r"override|overrides|dev|development|test|testing|debug|ci|prod|production|staging|local|build|"
    r"docker|podman|swarm|compose|stack|ya?ml|j2|jinja2?|tmpl|",
    re.IGNORECASE,
)
_ANY = re.compile(r"(?:docker|podman|compose|containers?|quadlets?|apps?|services?|deploy)(?:[_-]\w+)?", re.IGNORECASE)
_UNIT = re.compile(r"(?P<name>[\w@.-]+?)\.(?:service|container|pod)(?:\.j2|\.tmpl)?")
_CONSTRAINT = re.compile(r"node\.hostname\s*==\s*(?P<node>[\w.-]+)")
_CONTAINER = re.compile(r"(?:[\w.]+\.)?(?:docker|podman)_container")
_HEADER = re.compile(r"^\[(?:Service|Container|Pod)\]", re.MULTILINE)
_MOST_PARTS = 50


def services_of(look: Look, nodes: Sequence[FoundNode]) -> tuple[FoundService, ...]:
    every = (*_projects(look), *_rendered(look), *_containers(look), *_units(look))
    found = {(one.tool, one.folder, one.name): one for one in every}
    placed = Placing(look, nodes).placed(found.values())
    return tuple(sorted(placed, key=lambda one: (one.name, one.folder, one.tool)))


def _projects(look: Look) -> Iterator[FoundService]:
    settled = frozenset(file.path for file in look.settled)
    for composed in look.subject.once(projects_of):
        main = _main(composed.project)
        # What a pipeline starts beside its jobs has a hidden file.
        if main not in settled or basename(main).startswith("."):
            continue
        # Where nothing can be read of it, its own text says whether it is one.
        if composed.services or "services" in look.files[main].text:
            yield _project(look, composed, look.files[main])


def _main(project: Project) -> str:
    """The file that Compose would start with."""
    names = {path: basename(path) for path in project.files if dirname(path) == project.folder}
    first = (path for name in COMPOSE_FILES for path in names if names[path] == name)
    return next(first, next(iter(names), next(iter(project.files), "")))


def _project(look: Look, composed: Composed, file: File) -> FoundService:
    services = list(composed.services.values())
    images = {
        one.image.text: Evidence(one.image.place, one.image.text)
        for one in reversed(services)
        # One that is built here only gets its name so.
        if one.image and isinstance(one.image.text, str) and not one.build
    }
    refused = next((one for one in refusals(composed) if one.severity is Severity.ERROR), None)
    return FoundService(
        composed.declared.name if composed.declared else _name(look, file),
        _tool(file, "compose"),
        file.folder,
        file.place(1),
        tuple(composed.services)[:_MOST_PARTS],
        tuple(reversed(images.values()))[:_MOST_PARTS],
        has_page=_has_page(look, file.folder),
        wanted=tuple(_wanted(composed.project)),
        keeps_data=any(mount.kind in ("volume", "bind") for one in services for mount in one.mounts),
        trouble=f"{refused.place}: {refused.message}" if refused else "",
    )


def _tool(file: File, own: str) -> str:
    """What brings it to a node: what is part of a role or of a chezmoi source comes with that."""
    if folder_of(file.path) is not None:
        return "ansible"
    return "chezmoi" if any(map(is_source_name, file.folder.split("/"))) else own


def _wanted(project: Project) -> Iterator[str]:
    """The nodes that a Swarm is told to put it on."""
    for service in project.services.values():
        constraints = service.value.at("deploy", "placement", "constraints")
        for one in constraints.items if constraints else ():
            found = _CONSTRAINT.fullmatch(one.data.strip()) if isinstance(one.data, str) else None
            if found:
                yield found["node"]


def _rendered(look: Look) -> Iterator[FoundService]:
    """Compose files that something fills in first: what is known of them is what stands there as it will be."""
    for file in look.settled:
        found = _RENDERED.fullmatch(file.name)
        if not found or not _SERVICES.search(file.text) or not (found["ending"] or is_filled_in(file.text)):
            continue
        images = {each["image"]: each.start("image") for each in islice(_IMAGE.finditer(file.text), _MOST_PARTS)}
        yield FoundService(
            _name(look, file),
            _tool(file, "compose"),
            file.folder,
            file.place(1),
            images=tuple(Evidence(file.at(offset), image) for image, offset in images.items()),
            has_page=_has_page(look, file.folder),
            trouble=f"{file.path}: something else renders it first",
        )


def _name(look: Look, file: File) -> str:
    """What its file is called by, as `media` in `docker-compose.media.yml`, else its folder."""
    own = re.split(r"[._]|-(?=compose|stack)|(?<=compose)-|(?<=stack)-", file.name)
    words = [word.removeprefix("docker-") for word in own if not _NO_NAME.fullmatch(word)]
    if words:
        return "-".join(words).lower()
    folder = folder_of(file.path)
    if folder:
        return basename(folder).lower()
    folder = file.folder
    while folder and _WORKSHOPS.fullmatch(basename(folder)):
        folder = dirname(folder)
    return (basename(folder) or look.name).lower()


def _has_page(look: Look, folder: str) -> bool:
    return bool(folder) and any(f"{folder}/{name}" in look.files for name in ("README.md", "readme.md", "README"))


def _containers(look: Look) -> Iterator[FoundService]:
    for site in look.subject.once(sites_of):
        for task in site.tasks:
            found = _container(task) if _CONTAINER.fullmatch(task.key) else None
            if found:
                yield found


def _container(task: Task) -> FoundService | None:
    arguments: Mapping[str, object] = task.arguments()
    name, image = arguments.get("name"), arguments.get("image")
    known = name if isinstance(name, str) and "{" not in name else _of_role(task)
    images = (Evidence(task.place, image),) if isinstance(image, str) and "{" not in image else ()
    folder = task.role or dirname(task.file)
    return FoundService(known.lower(), "ansible", folder, task.place, images=images) if known else None


def _of_role(task: Task) -> str:
    """A role is called like what it starts, unless it starts whatever it is told to."""
    role = basename(task.role or "")
    return "" if _ANY.fullmatch(role) else role


def _units(look: Look) -> Iterator[FoundService]:
    declared = {folder: name for name, folder in look.unit_folders.items()}
    for file in look.settled:
        found = _UNIT.fullmatch(file.name)
        if found and _HEADER.search(file.text):
            name = declared.get(file.folder) or found["name"].rstrip("@").lower()
            has_page = _has_page(look, file.folder)
            yield FoundService(name, _tool(file, "systemd"), file.folder, file.place(1), has_page=has_page)
