"""A Compose project as it is written in the tree: its files, its services, and what they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import cast

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.model.node import Node
from stems.model.service import Service
from stems.model.suggestion import did_you_mean, one_of
from stems.readers.document import Document
from stems.readers.interpolation import interpolate
from stems.readers.yaml import read_yaml
from stems.tools.base import Job
from stems.tools.compose.naming import normalised
from stems.tools.compose.variables import environment

COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
OVERRIDE_FILES = ("compose.override.yaml", "compose.override.yml", "docker-compose.override.yml")
PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]*")
_MAX_FILE = 2 * 1024 * 1024

Section = Mapping[str, object]


@dataclass(frozen=True)
class Project:
    """One service of the cluster as Compose sees it on one node.

    `folder` is relative to the repository. `documents` are its Compose files: the first one, its override, and those
    that they include; `own` of them are given to Compose by name.
    """

    service: Service
    name: str
    folder: str
    documents: tuple[Document, ...]
    own: int

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(PurePosixPath(document.path).name for document in self.documents[: self.own])

    @cached_property
    def services(self) -> dict[str, list[Section]]:
        """Each Compose service that runs here with every definition that contributes to it."""
        only = self.service.only
        return {name: bodies for name, bodies in self.written.items() if not only or name in only}

    @cached_property
    def written(self) -> dict[str, list[Section]]:
        """The same of all, wherever they run."""
        found: dict[str, list[Section]] = {}
        for document in self.documents:
            for name, body in section(document, "services").items():
                found.setdefault(name, []).append(as_section(body))
        return found

    def place(self, service: str, *keys: str | int) -> Place:
        for document in self.documents:
            if service in section(document, "services"):
                return document.place("services", service, *keys)
        return Place(self.documents[0].path)

    def top(self, name: str) -> dict[str, object]:
        """A top-level section such as `configs`, of all files together."""
        return {key: value for document in self.documents for key, value in section(document, name).items()}

    def jobs(self) -> frozenset[str]:
        """Services that are meant to end: others wait for them to complete."""
        bodies = [body for bodies in self.services.values() for body in bodies]
        return frozenset(
            name
            for body in bodies
            for name, how in as_section(body.get("depends_on")).items()
            if as_section(how).get("condition") == "service_completed_successfully"
        )


def read_project(job: Job, service: Service, node: Node) -> Project:
    """The project of a service. Raises `ConfigurationError` when it has no file that can be read."""
    folder = f"{job.settings.source.rstrip('/')}/{service.where}"
    first = compose_file(job, service)
    if first is None:
        raise ConfigurationError(f"{folder}: no {COMPOSE_FILES[1]}", remedy=f"write {folder}/{COMPOSE_FILES[1]}")
    override = next((found for name in OVERRIDE_FILES if (found := job.source / service.where / name).is_file()), None)
    own = [read_document(job, path) for path in (first, override) if path is not None]
    included = [document for one in own for document in _included(job, one, depth=8)]
    project = Project(service, _name(job, node, service=service, document=own[0]), folder, (*own, *included), len(own))
    _require_split(job, project)
    return project


def _require_split(job: Job, project: Project) -> None:
    """What `only` names is there, and needs nothing that it leaves out."""
    place, name = job.cluster.written.place, project.service.name
    for index, wanted in enumerate(project.service.only):
        if wanted not in project.written:
            at, meant = place("services", name, "only", index), did_you_mean(wanted, project.written)
            problem = f"{at}: services.{name}.only: {project.folder} has no service `{wanted}`{meant}"
            raise ConfigurationError(problem, remedy=f"its services are {one_of(project.written)}")
    for service, bodies in project.services.items():
        left = sorted(
            {need for body in bodies for need in _needs(body)} & project.written.keys() - project.services.keys()
        )
        if left:
            at = project.place(service)
            problem = f"{at}: {service} needs {left[0]}, which `only` of services.{name} leaves out"
            raise ConfigurationError(problem, remedy=f"name {left[0]} in `only` too, or remove the dependency")


def _needs(body: Section) -> Iterator[str]:
    """The services without which Compose does not start one."""
    for key in ("depends_on", "links", "volumes_from"):
        value = body.get(key)
        yield from (str(each).partition(":")[0] for each in (value if isinstance(value, dict) else as_list(value)))
    for key in ("network_mode", "ipc", "pid"):
        kind, _, name = str(body.get(key) or "").partition(":")
        if kind == "service":
            yield name


def compose_file(job: Job, service: Service) -> Path | None:
    candidates = (job.source / service.where / name for name in COMPOSE_FILES)
    return next((path for path in candidates if path.is_file()), None)


def read_document(job: Job, path: Path) -> Document:
    shown = path.relative_to(job.tree.root).as_posix()
    try:
        if path.stat().st_size > _MAX_FILE:
            raise ConfigurationError(f"{shown}: larger than {_MAX_FILE} bytes", remedy="split it")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{shown}: not UTF-8 text", remedy=f"save {shown} as UTF-8") from None
    except OSError as error:
        raise ConfigurationError(f"{shown}: {error.strerror}", remedy=f"look at {shown}") from None
    return read_yaml(text, shown)


def section(document: Document, name: str) -> dict[str, object]:
    return dict(as_section(as_section(document.value).get(name)))


def as_section(value: object) -> Section:
    """A mapping as it is, and everything else as an empty one: `check` says what is wrong with it."""
    return cast("Section", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def inside(job: Job, folder: str, path: str) -> Path | None:
    """A path of a Compose file in the tree, `None` when it leads out of it."""
    if path.startswith(("/", "~")):
        return None
    root = job.tree.root.resolve()
    target = (job.tree.root / folder / path).resolve()
    return target if target.is_relative_to(root) else None


def _included(job: Job, document: Document, *, depth: int) -> Iterator[Document]:
    folder = PurePosixPath(document.path).parent.as_posix()
    for entry in as_list(as_section(document.value).get("include")):
        for name in as_list(as_section(entry).get("path", entry)):
            path = inside(job, folder, name) if isinstance(name, str) else None
            if path is None or not path.is_file() or depth == 0:
                raise ConfigurationError(
                    f"{document.key_place('include')}: {name} is not a file of this repository",
                    remedy="include files of this repository only",
                )
            read = read_document(job, job.tree.root / path.relative_to(job.tree.root.resolve()))
            yield read
            yield from _included(job, read, depth=depth - 1)


def _name(job: Job, node: Node, *, service: Service, document: Document) -> str:
    """Compose's own rule: the `name` of the file, else the folder's without what Compose does not take."""
    written = as_section(document.value).get("name")
    if service.project or not written:
        return service.project or normalised(service.where)
    name = interpolate(str(written), environment(job, node))
    if name is None or not PROJECT.fullmatch(name):
        raise ConfigurationError(
            f"{document.place('name')}: `{written}` gives no project name on {node.name}",
            remedy="use lower-case letters, digits, - and _, and variables of the cluster only",
        )
    return name
