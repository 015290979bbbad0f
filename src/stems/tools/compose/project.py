"""A Compose project as it is written in the tree: its files, its services, and what they refer to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.model.node import Node
from stems.model.service import Service
from stems.model.suggestion import did_you_mean, one_of
from stems.readers.document import Document
from stems.readers.interpolation import interpolate
from stems.tools.base import Job
from stems.tools.compose.naming import name_by_folder
from stems.tools.compose.variables import environment
from stems.tools.compose.written import (
    Definition,
    Section,
    Written,
    as_list,
    as_section,
    definitions,
    files_of,
    folder_of,
    section,
)

PROJECT = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class Project:
    """One service of the cluster as Compose sees it on one node.

    `folder` is relative to the repository. `texts` are its Compose files, included ones last; `own` of them are given
    to Compose by name. `all_services` has each Compose service with every text that contributes to it.
    """

    service: Service
    name: str
    folder: str
    texts: tuple[Written, ...]
    own: int
    all_services: Mapping[str, list[Definition]]

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(one.document for one in self.texts)

    @property
    def files(self) -> tuple[str, ...]:
        """Those that are given to Compose, relative to the folder."""
        return tuple(self.from_folder(document.path) for document in self.documents[: self.own])

    @property
    def envs(self) -> tuple[str, ...]:
        """The environment files that give values to any of its texts, relative to the folder."""
        return tuple(self.from_folder(path) for path in dict.fromkeys(path for one in self.texts for path in one.envs))

    def from_folder(self, path: str) -> str:
        return posixpath.relpath(path, self.folder)

    @cached_property
    def services(self) -> dict[str, list[Definition]]:
        """Those that are meant for this node, whether or not a profile holds them back."""
        only = self.service.only
        return {name: texts for name, texts in self.all_services.items() if not only or name in only}

    def place(self, service: str, *keys: str | int) -> Place:
        for document in self.documents:
            if service in section(document, "services"):
                return document.place("services", service, *keys)
        return Place(self.documents[0].path)

    def top(self, name: str) -> dict[str, tuple[object, str]]:
        """A top-level section such as `configs`, of all files together: each value, and what paths in it start from."""
        return {key: (value, one.folder) for one in self.texts for key, value in section(one.document, name).items()}

    def jobs(self) -> frozenset[str]:
        """Services that are meant to end: others wait for them to complete."""
        bodies = [text.body for texts in self.services.values() for text in texts]
        return frozenset(
            name
            for body in bodies
            for name, how in as_section(body.get("depends_on")).items()
            if as_section(how).get("condition") == "service_completed_successfully"
        )

    def needs(self, service: str) -> set[str]:
        """The services without which Compose does not start one."""
        return {need for text in self.all_services.get(service, ()) for need in _needs(text.body)}


def read_project(job: Job, service: Service, node: Node) -> Project:
    """The project of a service. Raises `ConfigurationError` when it has no file that can be read."""
    files, own = files_of(job, service, node)
    named = [one.document for one in files[:own] if as_section(one.document.value).get("name")]
    name = _name(job, node, service=service, document=(named or [files[0].document])[-1])
    project = Project(service, name, folder_of(job, service), files, own, definitions(job, node, files))
    _require_split(job, project)
    return project


def _require_split(job: Job, project: Project) -> None:
    """What `only` names is there, and needs nothing that it leaves out."""
    place, name = job.cluster.written.place, project.service.name
    for index, wanted in enumerate(project.service.only):
        if wanted not in project.all_services:
            at, meant = place("services", name, "only", index), did_you_mean(wanted, project.all_services)
            problem = f"{at}: services.{name}.only: {project.folder} has no service `{wanted}`{meant}"
            raise ConfigurationError(problem, remedy=f"its services are {one_of(project.all_services)}")
    for service in project.services:
        left = sorted(project.needs(service) & project.all_services.keys() - project.services.keys())
        if left:
            at = project.place(service)
            problem = f"{at}: {service} needs {left[0]}, which `only` of services.{name} leaves out"
            raise ConfigurationError(problem, remedy=f"name {left[0]} in `only` too, or remove the dependency")


def _needs(body: Section) -> Iterator[str]:
    for key in ("depends_on", "links", "volumes_from"):
        value = body.get(key)
        yield from (str(each).partition(":")[0] for each in (value if isinstance(value, dict) else as_list(value)))
    for key in ("network_mode", "ipc", "pid"):
        kind, _, name = str(body.get(key) or "").partition(":")
        if kind == "service":
            yield name


def _name(job: Job, node: Node, *, service: Service, document: Document) -> str:
    """Compose's own rule: the `name` of the file, else the folder's without what Compose does not take."""
    written = as_section(document.value).get("name")
    if service.project or not written:
        return service.project or name_by_folder(service.where)
    name = interpolate(str(written), environment(job, node))
    if name is None or not PROJECT.fullmatch(name):
        raise ConfigurationError(
            f"{document.place('name')}: `{written}` gives no project name on {node.name}",
            remedy="use lower-case letters, digits, - and _, and variables of the cluster only",
        )
    return name
