"""Which values only a node can give: keys of `.env` that must be there, known without the node."""

from __future__ import annotations

from collections.abc import Iterator

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.model.node import Node
from stems.readers.env import Entry, read_env
from stems.readers.interpolation import Reference, references
from stems.tools.base import Job
from stems.tools.compose.parts import contents, env_files, texts
from stems.tools.compose.project import Project, inside
from stems.tools.compose.variables import GIVEN, environment

TEMPLATE = "env.template"


def required_keys(job: Job, node: Node, project: Project) -> tuple[str, ...]:
    """Keys that the node's `.env` must have.

    Those that the project cannot do without, and all of `env.template` unless the project says that it can do
    without the file.
    """
    names = {reference.name for reference in unresolved(job, node, project)}
    uses = [required for bodies in project.services.values() for path, required in env_files(bodies) if path in _ENV]
    optional = bool(uses) and not any(uses) and not names
    if not _is_in_tree(job, project, ".env") and not optional:
        names |= {entry.name for entry in template(job, project) if entry.name not in environment(job, node)}
    elif _is_in_tree(job, project, ".env"):
        names -= {entry.name for entry in _read(job, project, ".env")}
    return tuple(sorted(names))


def unresolved(job: Job, node: Node, project: Project) -> Iterator[Reference]:
    """References that neither the variables of the cluster nor a default gives."""
    known = environment(job, node).keys() | GIVEN
    written = (text for document in project.documents for text in texts(document.value))
    found = (reference for text in written for reference in references(text))
    for reference in (*found, *map(Reference, contents(project))):
        if reference.name not in known and not reference.has_default:
            yield reference


def template(job: Job, project: Project) -> tuple[Entry, ...]:
    return _read(job, project, TEMPLATE)


def supplied(job: Job, project: Project) -> frozenset[str]:
    """Names that `.env` or its template promises."""
    return frozenset(entry.name for name in (".env", TEMPLATE) for entry in _read(job, project, name))


_ENV = frozenset({".env", "./.env"})


def _is_in_tree(job: Job, project: Project, name: str) -> bool:
    path = inside(job, project.folder, name)
    return path is not None and path.is_file()


def _read(job: Job, project: Project, name: str) -> tuple[Entry, ...]:
    path = inside(job, project.folder, name)
    if path is None or not path.is_file():
        return ()
    shown = f"{project.folder}/{name}"
    try:
        return read_env(path.read_text(encoding="utf-8"), shown)
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{Place(shown)}: not readable as UTF-8 text", remedy=f"look at {shown}") from None
