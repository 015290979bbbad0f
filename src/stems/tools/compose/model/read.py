"""Reads a Compose project offline, as Compose reads it, and never more than a project can reasonably be."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from stems.model.finding import Finding, Place
from stems.readers.substitution import UNKNOWN
from stems.tools.compose.model.consistency import Parts, check_consistency
from stems.tools.compose.model.environment import Environment, with_env_of
from stems.tools.compose.model.fields import flag_of, text_of, texts_of
from stems.tools.compose.model.files import COMPOSE_FILES, Loader, default_files
from stems.tools.compose.model.paths import rebased
from stems.tools.compose.model.project import Named, Project, Service, Text
from stems.tools.compose.model.reading import UNREADABLE, Given, Read, Reading, TooMuchError, joined
from stems.tools.compose.model.services import read_service
from stems.tools.compose.model.value import Value
from stems.tools.compose.naming import normalised

_SECTIONS = ("networks", "volumes", "configs", "secrets")
EVERY_PROFILE = "*"


def read_project(read: Read, folder: str, given: Given | None = None, *, files: Sequence[str] = ()) -> Project:
    """The project of a folder of the repository.

    `read` gives the text of a file by its path from the root, None when there is none. `files` are those that Compose
    is given by name, relative to the folder.
    """
    reading = Reading(read, given or Given())
    folder = "" if folder in {".", "./"} else folder.rstrip("/")
    try:
        return _read(reading, folder, files)
    except TooMuchError as error:
        reading.findings.append(
            Finding(
                UNREADABLE,
                Place(joined(folder, COMPOSE_FILES[0])),
                str(error),
                "split the project, or write less of it",
            )
        )
        reading.is_complete = False
        return _project(reading, folder, (), {})


def _read(reading: Reading, folder: str, files: Sequence[str]) -> Project:
    environment = with_env_of(Environment(reading), folder)
    named = tuple(files) or _named_files(environment)
    paths = tuple(joined(folder, path) for path in named) or default_files(reading, folder)
    if not paths:
        reading.refuse(Place(folder or "."), f"no {COMPOSE_FILES[0]}", f"write {joined(folder, COMPOSE_FILES[0])}")
        return _project(reading, folder, (), {})
    base = posixpath.dirname(paths[0])
    loader = Loader(reading, base, environment)
    tree = loader.tree(paths)
    seen = tuple(sorted(loader.seen))
    if tree is None:
        return _project(reading, folder, seen, {})
    tree = rebased(tree, base)
    services = {name: one for name, one in _section(tree, "services").items() if isinstance(one.data, dict)}
    asked = {*reading.given.profiles, *environment.known("COMPOSE_PROFILES").split(",")}
    started = frozenset(name for name, one in services.items() if _is_started(one, asked))
    sections = {kind: _section(tree, kind) for kind in (*_SECTIONS, "models")}
    check_consistency(Parts(reading, services, sections, started))
    _note_contents(environment, sections)
    told = reading.given.project or environment.known("COMPOSE_PROJECT_NAME")
    name = told or text_of(tree.at("name")) or posixpath.basename(base)
    found = {key: read_service(environment, key, one, is_started=key in started) for key, one in services.items()}
    return _project(reading, folder, seen, found, name=name, tree=tree)


def _note_contents(environment: Environment, sections: Mapping[str, Mapping[str, Value]]) -> None:
    """Configs and secrets may be the value of a variable."""
    for kind in ("configs", "secrets"):
        for one in sections[kind].values():
            content = one.at("environment")
            if content is not None and isinstance(content.data, str) and environment.lookup(content.data) is None:
                environment.reading.unset.setdefault(content.data, content.place)


def _project(
    reading: Reading,
    folder: str,
    files: tuple[str, ...],
    services: Mapping[str, Service],
    *,
    name: Text = "",
    tree: Value | None = None,
) -> Project:
    named = {kind: _named(_section(tree, kind) if tree else {}, name) for kind in _SECTIONS}
    return Project(
        normalised(name) if isinstance(name, str) else name,
        folder,
        files,
        services,
        named["networks"],
        named["volumes"],
        named["configs"],
        named["secrets"],
        tuple(reading.findings),
        reading.is_complete,
        dict(reading.unset),
        place=tree.place if tree else None,
        written_name=tree.at("name") if tree else None,
        absent=reading.absent,
        unseen=reading.unseen,
        has_whole_env=not reading.lacks_env,
    )


def _named_files(environment: Environment) -> tuple[str, ...]:
    separator = environment.known("COMPOSE_PATH_SEPARATOR") or ":"
    return tuple(path for path in environment.known("COMPOSE_FILE").split(separator) if path)


def _section(tree: Value, kind: str) -> Mapping[str, Value]:
    found = tree.at(kind)
    return found.fields if found else {}


def _is_started(service: Value, asked: set[str]) -> bool:
    """Whether a service runs with these profiles; one whose profiles are not known may."""
    profiles = texts_of(service.at("profiles"))
    return not profiles or EVERY_PROFILE in asked or any(each in asked or each is UNKNOWN for each in profiles)


def _named(section: Mapping[str, Value], project: Text) -> Mapping[str, Named]:
    return {key: _one(key, value, project) for key, value in section.items()}


def _one(key: str, value: Value, project: Text) -> Named:
    is_external = flag_of(value.at("external"))
    own = text_of(value.at("name"))
    made = (
        key
        if is_external is True
        else UNKNOWN
        if is_external is UNKNOWN or project is UNKNOWN
        else f"{normalised(str(project))}_{key}"
    )
    return Named(key, value.key, value, is_external, own or made, text_of(value.at("file")))
