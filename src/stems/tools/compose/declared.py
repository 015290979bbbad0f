"""The services of a cluster as Compose reads their projects: once for all nodes that give them the same values."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from stems.errors import ConfigurationError
from stems.model.node import Node
from stems.model.service import Service as DeclaredService
from stems.readers.env import Entry, read_env
from stems.readers.interpolation import interpolate
from stems.readers.substitution import UNKNOWN
from stems.tools.base import Job
from stems.tools.compose.files import TreeFiles, files_of, is_encrypted
from stems.tools.compose.model.project import Project, Service, Text
from stems.tools.compose.model.read import read_project
from stems.tools.compose.model.reading import Given, joined
from stems.tools.compose.naming import NAME, normalised
from stems.tools.compose.project import PROJECT
from stems.tools.compose.tree import ENV, TEMPLATES
from stems.tools.compose.variables import GIVEN, environment


@dataclass(frozen=True)
class Declared:
    """One service of the cluster, and the nodes where its project reads like this.

    `variables` are those of these nodes, `promised` the names that the template of its `.env` has. `named` are the
    files that COMPOSE_FILE names. `paths` are those that were read. `errors` say what in its environment could not be.
    """

    service: DeclaredService
    nodes: tuple[Node, ...]
    folder: str
    project: Project
    variables: Mapping[str, str] = field(default_factory=dict)
    promised: frozenset[str] = frozenset()
    named: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()
    errors: tuple[ConfigurationError, ...] = ()
    has_env: bool = False
    """Whether its `.env` is in the repository: otherwise the node may have one that says more."""

    @property
    def services(self) -> Mapping[str, Service]:
        """Those that are meant, whether or not a profile holds them back."""
        only = self.service.only
        return {name: one for name, one in self.project.services.items() if not only or name in only}

    @property
    def name(self) -> Text:
        """The name that Compose is told. stems must know it without the node."""
        written = self.project.written_name
        if self.service.project or written is None or written.data in ("", None):
            return self.service.project or normalised(posixpath.basename(self.service.where))
        name = interpolate(written.written, self.variables)
        return name if name and PROJECT.fullmatch(name) else UNKNOWN


def declared_projects(job: Job) -> tuple[Declared, ...]:
    """Every one, asked for with `job.once`. One that reads otherwise on other nodes is there again."""
    files = job.once(files_of)
    environments = {name: environment(job, node) for name, node in job.cluster.nodes.items()}
    return tuple(
        declared
        for service in job.cluster.services.values()
        if service.tool == NAME
        for declared in _of_service(job, files, service, environments)
    )


def declared_on(job: Job, node: Node) -> Mapping[str, Declared]:
    """The projects of a node by their services."""
    return job.once(_by_node).get(node.name, {})


def _by_node(job: Job) -> Mapping[str, Mapping[str, Declared]]:
    found: dict[str, dict[str, Declared]] = {}
    for declared in job.once(declared_projects):
        for node in declared.nodes:
            found.setdefault(node.name, {})[declared.service.name] = declared
    return found


def _of_service(
    job: Job, files: TreeFiles, service: DeclaredService, environments: Mapping[str, Mapping[str, str]]
) -> Iterator[Declared]:
    folder = posixpath.normpath(f"{job.settings.source}/{service.where}")
    nodes = [job.cluster.nodes[name] for name in service.nodes if name in job.cluster.nodes]
    while nodes:
        noted = Noted(environments[nodes[0].name])
        declared = _read(files, service, folder, noted)
        alike = tuple(node for node in nodes if noted.is_answered_alike(environments[node.name]))
        nodes = [node for node in nodes if node not in alike]
        yield replace(declared, nodes=alike)


def _read(files: TreeFiles, service: DeclaredService, folder: str, noted: Noted) -> Declared:
    """The project of a service, with variables that note which of them it asks for."""
    paths: set[str] = set()
    errors: list[ConfigurationError] = []

    def read(path: str) -> str | None:
        text = files.read(path)
        if text is not None:
            paths.add(path)
        return text

    text = files.read(joined(folder, ENV))
    has_env = text is not None and not is_encrypted(text)
    # The model says what is wrong with an `.env`.
    env = _entries(files, joined(folder, ENV), []) if has_env else ()
    template = tuple(entry for name in TEMPLATES for entry in _entries(files, joined(folder, name), errors))
    named = _named(env if has_env else template, noted)
    promised = frozenset(entry.name for entry in template)
    elsewhere = promised.difference(entry.name for entry in env) | GIVEN
    given = Given(noted, elsewhere, files, project=service.project, is_unset_unknown=True)
    return Declared(
        service,
        (),
        folder,
        read_project(read, folder, given, files=named),
        noted.plain,
        promised,
        named,
        frozenset(paths),
        tuple(errors),
        has_env,
    )


def _entries(files: TreeFiles, path: str, errors: list[ConfigurationError]) -> tuple[Entry, ...]:
    text = files.read(path)
    try:
        return read_env(text, path) if text else ()
    except ConfigurationError as error:
        errors.append(error)
        return ()


def _named(entries: tuple[Entry, ...], given: Mapping[str, str]) -> tuple[str, ...]:
    """The files that Compose takes instead of those that it finds by itself."""
    if not any(entry.name == "COMPOSE_FILE" for entry in entries):
        return ()
    values: dict[str, str] = {}
    for entry in entries:
        value = entry.value if entry.is_literal else interpolate(entry.value or "", {**values, **given})
        if value is not None:
            values[entry.name] = value
    separator = values.get("COMPOSE_PATH_SEPARATOR") or ":"
    return tuple(name for name in values.get("COMPOSE_FILE", "").split(separator) if name)


class Noted(Mapping[str, str]):
    """Variables that note which of them somebody asked for."""

    def __init__(self, plain: Mapping[str, str]) -> None:
        self.plain = plain
        self._asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._asked.add(name)
        return self.plain[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.plain)

    def __len__(self) -> int:
        return len(self.plain)

    def is_answered_alike(self, others: Mapping[str, str]) -> bool:
        return all(self.plain.get(name) == others.get(name) for name in self._asked)
