"""Which files a Compose project is written in, and which texts in them make each of its services."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.model.node import Node
from stems.model.service import Service
from stems.readers.document import Document
from stems.readers.interpolation import interpolate
from stems.readers.yaml import read_yaml
from stems.tools.base import Job
from stems.tools.compose.model.files import COMPOSE_FILES, OVERRIDE_FILES
from stems.tools.compose.tree import ENV, TEMPLATE, has, inside, shown, values

_MAX_FILE = 2 * 1024 * 1024
_DEEPEST = 8

Section = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Written:
    """One Compose file. `folder`, in the repository, is what paths in it are relative to.

    `envs` are the environment files that give it values; a later one counts more. They may be on the node only.
    """

    document: Document
    folder: str
    envs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """One of the texts that make a Compose service: what it extends comes first, what overrides it last."""

    written: Written
    name: str

    @property
    def document(self) -> Document:
        return self.written.document

    @property
    def folder(self) -> str:
        return self.written.folder

    @property
    def body(self) -> Section:
        return as_section(section(self.document, "services").get(self.name))

    def place(self, *keys: str | int) -> Place:
        return self.document.place("services", self.name, *keys)

    def replaces(self, *keys: str) -> bool:
        """Whether what was written before of this does not count."""
        return self.document.tag("services", self.name, *keys) in {"!override", "!reset"}


def files_of(job: Job, service: Service, node: Node) -> tuple[tuple[Written, ...], int]:
    """The files of a service's project, included ones last, and how many of them are given to Compose by name."""
    folder = folder_of(job, service)
    own = [Written(read_document(job, path), folder, (f"{folder}/{ENV}",)) for path in _own(job, service, node)]
    included = [found for one in own for found in _included(job, node, one, depth=_DEEPEST)]
    return (*own, *included), len(own)


def folder_of(job: Job, service: Service) -> str:
    return job.named(service.where)


def _own(job: Job, service: Service, node: Node) -> list[Path]:
    """Compose's own rule: what COMPOSE_FILE names, else the first of the usual names and the first override.

    Where only the node has the `.env`, its template says what it names there.
    """
    folder = folder_of(job, service)
    given = values(job, node, f"{folder}/{ENV if has(job, f'{folder}/{ENV}') else TEMPLATE}")
    if named := given.get("COMPOSE_FILE"):
        names = [name for name in named.split(given.get("COMPOSE_PATH_SEPARATOR") or ":") if name]
        return [_named(job, folder, name, is_first=index == 0) for index, name in enumerate(names)]
    first = _first(job, service, COMPOSE_FILES)
    if first is None:
        raise ConfigurationError(f"{folder}: no {COMPOSE_FILES[1]}", remedy=f"write {folder}/{COMPOSE_FILES[1]}")
    override = _first(job, service, OVERRIDE_FILES)
    return [first] if override is None else [first, override]


def _first(job: Job, service: Service, names: tuple[str, ...]) -> Path | None:
    return next((path for name in names if (path := job.source / service.where / name).is_file()), None)


def _named(job: Job, folder: str, name: str, *, is_first: bool) -> Path:
    path = inside(job, folder, name)
    if path is None or not path.is_file():
        problem = f"{folder}: COMPOSE_FILE names {name}, which is not a file of this repository"
        raise ConfigurationError(problem, remedy=f"name files in it, relative to {folder}")
    # Compose takes the folder of the first one for that of the project.
    if is_first and posixpath.dirname(posixpath.normpath(name)):
        problem = f"{folder}: COMPOSE_FILE begins with {name}, which does not lie in the folder itself"
        raise ConfigurationError(problem, remedy=f"begin with a file that lies in {folder}")
    return shown(job, path)


def _included(job: Job, node: Node, one: Written, *, depth: int) -> Iterator[Written]:
    given = values(job, node, *one.envs)
    for entry in as_list(as_section(one.document.value).get("include")):
        how = as_section(entry)
        paths = [_include(job, one, name, given, depth=depth) for name in as_list(how.get("path", entry))]
        folder = _relative(job, paths[0].parent) if paths else one.folder
        if isinstance(named := how.get("project_directory"), str):
            folder = _joined(one.folder, named, given)
        envs = [_joined(one.folder, str(name), given) for name in as_list(how.get("env_file"))] or [f"{folder}/{ENV}"]
        for path in paths:
            # What the including file has counts more.
            read = Written(read_document(job, path), folder, (*envs, *one.envs))
            yield read
            yield from _included(job, node, read, depth=depth - 1)


def _joined(folder: str, path: str, given: Mapping[str, str]) -> str:
    return posixpath.normpath(posixpath.join(folder, interpolate(path, given) or path))


def _include(job: Job, one: Written, name: object, given: Mapping[str, str], *, depth: int) -> Path:
    text = interpolate(name, given) if isinstance(name, str) else None
    path = inside(job, one.folder, text) if text else None
    if path is None or not path.is_file() or depth == 0:
        raise ConfigurationError(
            f"{one.document.key_place('include')}: {name} is not a file of this repository",
            remedy="include files of this repository only",
        )
    return shown(job, path)


def _relative(job: Job, path: Path) -> str:
    return path.relative_to(job.tree.root).as_posix()


def definitions(job: Job, node: Node, files: tuple[Written, ...]) -> dict[str, list[Definition]]:
    """The texts of each service, in the order in which Compose lays them over each other."""
    found: dict[str, list[Definition]] = {}
    for one in files:
        for name in section(one.document, "services"):
            if one.document.tag("services", name) in {"!override", "!reset"}:
                found.pop(name, None)
            if one.document.tag("services", name) != "!reset":
                found.setdefault(name, []).extend(_extended(job, node, one, name, depth=_DEEPEST))
    return found


def _extended(job: Job, node: Node, one: Written, name: str, *, depth: int) -> Iterator[Definition]:
    """A text, after those of what it extends."""
    own = Definition(one, name)
    extends = own.body.get("extends")
    base = str(as_section(extends).get("service", "")) if isinstance(extends, dict) else extends
    if isinstance(base, str) and base:
        path = as_section(extends).get("file")
        other = _base_file(job, node, own, str(path)) if path else one
        if depth == 0 or base not in section(other.document, "services"):
            problem = f"{own.place('extends')}: {name} extends {base}, which {other.document.path} does not have"
            raise ConfigurationError(problem, remedy=f"name one of its services, or remove `extends` of {name}")
        yield from _extended(job, node, other, base, depth=depth - 1)
    yield own


def _base_file(job: Job, node: Node, own: Definition, name: str) -> Written:
    one = own.written
    text = interpolate(name, values(job, node, *one.envs)) if "$" in name else name
    path = inside(job, one.folder, text) if text else None
    if path is None or not path.is_file():
        problem = f"{own.place('extends')}: {name} is not a file of this repository"
        raise ConfigurationError(problem, remedy="extend files of this repository only")
    read = shown(job, path)
    return Written(read_document(job, read), posixpath.dirname(_relative(job, read)), one.envs)


def read_document(job: Job, path: Path) -> Document:
    name = path.relative_to(job.tree.root).as_posix()
    try:
        if path.stat().st_size > _MAX_FILE:
            raise ConfigurationError(f"{name}: larger than {_MAX_FILE} bytes", remedy="split it")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{name}: not UTF-8 text", remedy=f"save {name} as UTF-8") from None
    except OSError as error:
        raise ConfigurationError(f"{name}: {error.strerror}", remedy=f"look at {name}") from None
    return read_yaml(text, name)


def section(document: Document, name: str) -> dict[str, object]:
    return dict(as_section(as_section(document.value).get(name)))


def as_section(value: object) -> Section:
    """A mapping as it is, and everything else as an empty one: `check` says what is wrong with it."""
    return cast("Section", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]
