"""Which values only a node can give: keys of `.env` that must be there, known without the node."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from stems.model.node import Node
from stems.readers.env import Entry
from stems.readers.interpolation import Reference, references
from stems.tools.base import Job
from stems.tools.compose.parts import contents, env_files, texts
from stems.tools.compose.project import Project
from stems.tools.compose.tree import ENV, TEMPLATE, entries, has
from stems.tools.compose.variables import GIVEN, environment
from stems.tools.redact import looks_secret


def required_keys(job: Job, node: Node, project: Project) -> tuple[str, ...]:
    """Keys that the node's `.env` must have.

    Those that the project cannot do without, and all of `env.template` unless the project says that it can do
    without the file, or has a default of its own for one. A default is no reason to run with a well-known password.
    """
    names = {reference.name for reference in unresolved(job, node, project)}
    by_itself = {name for name in _with_default(project) - names if not looks_secret(f"{name}=changeme")}
    env = f"{project.folder}/{ENV}"
    uses = [
        required
        for texts in project.services.values()
        for (folder, path), required in env_files(texts)
        if posixpath.normpath(posixpath.join(folder, path)) == env
    ]
    optional = bool(uses) and not any(uses) and not names
    if not has(job, env) and not optional:
        given = environment(job, node).keys() | by_itself
        names |= {entry.name for entry in template(job, project) if entry.name not in given}
    names -= {entry.name for one in project.texts for path in one.envs for entry in entries(job, path)}
    return tuple(sorted(names))


def unresolved(job: Job, node: Node, project: Project) -> Iterator[Reference]:
    """References that neither the variables of the cluster nor a default gives."""
    known = environment(job, node).keys() | GIVEN
    for reference in (*_references(project), *map(Reference, contents(project))):
        if reference.name not in known and not reference.has_default:
            yield reference


def _references(project: Project) -> Iterator[Reference]:
    extended = (one.body for all_of_one in project.services.values() for one in all_of_one)
    values = [*(document.value for document in project.documents), *extended]
    for text in dict.fromkeys(text for value in values for text in texts(value)):
        yield from references(text)


def _with_default(project: Project) -> frozenset[str]:
    return frozenset(reference.name for reference in _references(project) if reference.has_default)


def template(job: Job, project: Project) -> tuple[Entry, ...]:
    return entries(job, f"{project.folder}/{TEMPLATE}")
