"""Which files of a repository are Compose projects, and what is known about where they run."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stems.errors import ConfigurationError
from stems.readers.encrypted import is_encrypted
from stems.readers.env import Entry, read_env
from stems.tools.compose.model.files import COMPOSE_FILES
from stems.tools.compose.model.project import Project
from stems.tools.compose.model.reading import EVERYTHING, Given, joined
from stems.tools.compose.tree import ENV, TEMPLATES
from stems.tools.compose.variables import GIVEN
from stems.validation.content import Kind
from stems.validation.files import File, Files
from stems.validation.filled_in import is_filled_in

_MOST = 2000
OWN = GIVEN | {
    "HOSTNAME",
    "COMPOSE_PROJECT_NAME",
    "COMPOSE_PROFILES",
    "NODE_NAME",
    "NODE_ROLE",
    "CLUSTER_NAME",
    "UID",
    "EUID",
    "GID",
}
"""Names that a shell, Compose or stems itself gives a value."""
_TOOLS = frozenset({".devcontainer", ".github", ".gitlab", ".circleci", ".gitea", ".forgejo", ".woodpecker"})
_SERVICES = re.compile(r"^services:[ \t]*(?:#.*)?\r?\n(?:[ \t]*(?:#.*)?\r?\n)*[ ]+[\w.\-]+:", re.MULTILINE)
_SOURCE = re.compile(r"^[ ]+(?:image|build):", re.MULTILINE)
_VARIANT = re.compile(r".*compose.*\.ya?ml", re.IGNORECASE)
_NOT_RUN = re.compile(
    r"(?:^|[-_.])(?:override|tests?|testing|ci|e2e|dev|devel|development|debug|examples?|samples?|templates?)(?:[-_.]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that is a project of its own, as it seems. `is_default` where Compose finds it by itself."""

    path: str
    is_default: bool

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)


class Sources:
    """The files that projects are read from. It notes which of them belong to one."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._read: set[str] = set()
        self._variants: dict[str, list[File]] = defaultdict(list)
        for file in files.named("*compose*.yml", "*compose*.yaml"):
            self._variants[file.folder].append(file)

    def read(self, path: str) -> str | None:
        file = self.files.get(path)
        if file is None or file.kind is not Kind.TEXT:
            return None
        self._read.add(path)
        return file.text

    def note(self, paths: Iterable[str]) -> None:
        """Say that these belong to a project that was read elsewhere."""
        self._read.update(paths)

    def is_read(self, path: str) -> bool:
        return path in self._read

    def beside(self, project: Project) -> tuple[File, ...]:
        """Other Compose files in the folder of a project, which somebody may give to Compose together with its own."""
        return tuple(file for file in self._variants.get(project.folder, ()) if file.path not in project.files)

    def assumed(self, folder: str) -> Given:
        """What is given to a project that nobody declares: without a `.env` in Git, every name may have a value."""
        file = self.files.get(joined(folder, ENV))
        is_known = file is not None and file.kind is Kind.TEXT and not is_encrypted(file.path, file.text)
        names = frozenset(OWN) if is_known else EVERYTHING
        return Given({}, names, Elsewhere(self.files), is_unset_unknown=True)

    def named_files(self, folder: str) -> tuple[str, ...]:
        """What `COMPOSE_FILE` names where only the template of a `.env` says so."""
        if joined(folder, ENV) in self.files:
            return ()
        values = {
            entry.name: entry.value
            for name in reversed(TEMPLATES)
            for entry in entries_of(self.files.get(joined(folder, name)))
            if entry.value is not None and "$" not in entry.value
        }
        named = values.get("COMPOSE_FILE", "").split(values.get("COMPOSE_PATH_SEPARATOR") or ":")
        return tuple(name for name in named if name and joined(folder, name) in self.files)


class Elsewhere:
    """The paths of files whose content cannot be read here: links, encrypted ones, and those of submodules."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, str):
            return False
        file = self._files.get(path)
        if file is not None:
            return file.kind is not Kind.TEXT or is_encrypted(file.path, file.text)
        while path := posixpath.dirname(path):
            if path in self._files:
                return True
            if path == "/":
                break
        return False


def candidates(sources: Sources, declared: frozenset[str]) -> Iterator[Candidate]:
    """What nobody declares: first what Compose finds in a folder, the outer ones first, then what it is given by name.

    Ask of each whether it was read meanwhile, as a part of another one.
    """
    possible = [file for file in sources.files.named("*.yml", "*.yaml") if _is_possible(file, declared)]
    folders = {name: file for file in reversed(possible) for name in (file.folder,) if file.name in COMPOSE_FILES}
    default = sorted((_first(sources.files, folder) for folder in folders), key=lambda path: (path.count("/"), path))
    count = 0
    for path in default:
        if count < _MOST and not is_filled_in(sources.files[path].text):
            count += 1
            yield Candidate(path, is_default=True)
    for file in possible:
        is_variant = _VARIANT.fullmatch(file.name) is not None
        if file.name in COMPOSE_FILES or (is_variant and file.folder in folders) or is_not_run(file.name):
            continue
        text = file.text
        if count < _MOST and _SERVICES.search(text) and (is_variant or _SOURCE.search(text)) and not is_filled_in(text):
            count += 1
            yield Candidate(file.path, is_default=False)


def is_not_run(name: str) -> bool:
    """Whether a Compose file is called like one for tests, or for whoever develops."""
    return _NOT_RUN.search(name) is not None


def says_services(name: str, text: str) -> bool:
    """Whether a text looks like a Compose file: services at the top, and what one runs unless its name says it."""
    return _SERVICES.search(text) is not None and ("compose" in name or _SOURCE.search(text) is not None)


def normal(folder: str) -> str:
    """A folder of the repository without what changes nothing; empty for the top."""
    return "" if (clean := posixpath.normpath(folder)) == "." else clean


def template_entries(files: Files, folder: str) -> tuple[Entry, ...]:
    """The names that a template of a `.env` in a folder promises."""
    return tuple(entry for name in TEMPLATES for entry in entries_of(files.get(joined(folder, name))))


def entries_of(file: File | None) -> tuple[Entry, ...]:
    """What an environment file says; nothing where it cannot be read."""
    if file is None or not file.text:
        return ()
    try:
        return read_env(file.text, file.path)
    except ConfigurationError:
        return ()


def _is_possible(file: File, declared: frozenset[str]) -> bool:
    folder = file.folder
    if file.is_aside or file.is_documentation or "{{" in folder or folder in declared:
        return False
    if not _TOOLS.isdisjoint(folder.split("/")) or file.kind is not Kind.TEXT:
        return False
    return bool(file.text.strip()) and not is_encrypted(file.path, file.text)


def _first(files: Files, folder: str) -> str:
    """The one that Compose takes where there are several."""
    return next(path for name in COMPOSE_FILES if (path := joined(folder, name)) in files)
