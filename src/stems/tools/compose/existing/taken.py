"""The Compose files of a project as they lie on the node, changed only where they would mean something else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stems.errors import ConfigurationError
from stems.model.names import VARIABLE, is_name, printable
from stems.readers.document import Document
from stems.readers.interpolation import references
from stems.readers.written import with_values
from stems.readers.yaml import read_yaml
from stems.tools.compose.existing.attached import told_mounts
from stems.tools.compose.existing.candidates import Candidate
from stems.tools.compose.existing.commands import file_commands
from stems.tools.compose.existing.found import Found
from stems.tools.compose.existing.paths import Led, absolute_paths
from stems.tools.compose.existing.proposal import Destination, Proposal
from stems.tools.compose.existing.values import Names, Path, Value, env_template, suspicious, wanted_name
from stems.tools.compose.parts import texts
from stems.tools.compose.project import as_list, as_section
from stems.tools.compose.variables import GIVEN
from stems.tools.redact import looks_secret

FILES = ("compose.yml", "compose.override.yml")
"""What Compose reads by itself: the files of a project in their order become these."""

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")


class NotTakenError(Exception):
    """Why the files of a project cannot be taken; what runs is described instead."""


@dataclass
class _Taking:
    candidate: Candidate
    found: Found
    place: Destination
    folder: str
    names: Names
    values: list[Value] = field(default_factory=list)
    led: list[Led] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def taken(candidate: Candidate, found: Found, place: Destination) -> Proposal:
    """Raises `NotTakenError` when there are no files, or when they cannot be taken for sure."""
    paths, folder = files_of(candidate, found)
    taking = _Taking(candidate, found, place, folder, Names.beside(place.given))
    for path in env_paths(candidate, found, folder):
        for name in found.names[path]:
            taking.names.given[name] = path
    documents = [_document(found.files[path], path) for path in paths]
    texts_of = [_text(taking, found.files[document.path], document) for document in documents]
    sources = env_paths(candidate, found, folder)
    values = [*_promised(taking, documents, sources), *taking.values]
    files = dict(zip(FILES, texts_of, strict=False))
    origins = dict(zip(FILES, paths, strict=False))
    if values:
        files["env.template"] = env_template(values, place.node, place.service)
        origins["env.template"] = ", ".join(sources) or ", ".join(paths)
    return Proposal(
        files,
        origins,
        project=candidate.name,
        keeps_data=any(mount.get("RW", True) for one in candidate.containers for mount in one.mounts),
        values=tuple(values),
        left=tuple(dict.fromkeys(_left(taking))),
        notes=tuple(dict.fromkeys([*_told(taking, documents), *taking.notes])),
        commands=tuple(file_commands(place, sources)),
    )


def files_of(candidate: Candidate, found: Found) -> tuple[list[str], str]:
    """The files that a project was started from, and the folder that their paths are relative to."""
    told = {(one.of_project("config_files"), one.of_project("working_dir")) for one in candidate.containers}
    if len(told) > 1:
        raise NotTakenError("its containers were started from different files")
    files, folder = told.pop()
    paths = [printable(path) for path in files.split(",")]
    if not folder.startswith("/") or not all(path.startswith("/") for path in paths):
        raise NotTakenError("it was started from no file")
    missing = [path for path in paths if path not in found.files]
    if missing:
        unreadable = "cannot be read" if missing[0] in found.unreadable else "is not there any more"
        raise NotTakenError(f"{missing[0]} {unreadable}")
    if len(paths) > len(FILES):
        raise NotTakenError(f"it was started from {len(paths)} files, and a service has at most {len(FILES)}")
    return paths, printable(folder)


def env_paths(candidate: Candidate, found: Found, folder: str) -> list[str]:
    """The environment files that Compose read for the project, those that could be looked at."""
    named = {one.of_project("environment_file") for one in candidate.containers} - {""}
    paths = [printable(path) for files in sorted(named) for path in files.split(",")] or [f"{folder}/.env"]
    unreadable = [path for path in paths if path in found.unreadable]
    if unreadable:
        raise NotTakenError(f"{unreadable[0]} cannot be read")
    return [path for path in paths if path in found.names]


def _document(text: str, path: str) -> Document:
    try:
        document = read_yaml(text, path)
    except ConfigurationError as error:
        raise NotTakenError(error.problem) from None
    body = as_section(document.value)
    extended = [
        one
        for one in as_section(body.get("services")).values()
        if as_section(as_section(one).get("extends")).get("file")
    ]
    if "include" in body or extended:
        raise NotTakenError(f"{path} includes other files")
    return document


def _text(taking: _Taking, text: str, document: Document) -> str:
    led = list(absolute_paths(document.value, taking.folder))
    changes: dict[Path, str] = {}
    for one in led:
        if one.written is None:
            raise NotTakenError(f"{document.path} leads to {one.path}, which cannot be written there as absolute path")
        changes[one.keys] = one.written
    changes |= _secrets(taking, document)
    changed = with_values(text, document, changes) if changes else text
    if changed is None:
        raise NotTakenError(f"{document.path} holds {_firm(text, document, changes)}, which cannot be changed for sure")
    commented = "".join(_comment(line) for line in changed.splitlines(keepends=True))
    if commented != changed and read_yaml(commented, "").value != read_yaml(changed, "").value:
        raise NotTakenError(f"{document.path} holds a secret in a form that cannot be changed for sure")
    taking.led += led
    return f"# Taken by `stems adopt` from {document.path} on {taking.place.node}.\n{commented}"


def _firm(text: str, document: Document, changes: Mapping[Path, str]) -> str:
    """Where the values stand that cannot be replaced in their place."""
    places = {keys: document.place(*keys) for keys in changes}
    # What an alias repeats is one value in the text.
    together = ({keys: new for keys, new in changes.items() if places[keys] == place} for place in places.values())
    firm = {places[next(iter(some))].line for some in together if not with_values(text, document, some)}
    return f"a path or a secret on line {', '.join(map(str, sorted(firm)))}" if firm else "a path or a secret"


def _secrets(taking: _Taking, document: Document) -> Iterator[tuple[Path, str]]:
    for path, text in suspicious(document.value):
        wanted, before = wanted_name(path, text)
        value = text.removeprefix(before)
        is_known = any(name.name == wanted for name in references(value)) and wanted in taking.names.given
        name = wanted if is_known else taking.names.name(wanted, value, otherwise=str(path[1] if len(path) > 1 else ""))
        yield path, f"{before}${{{name}}}"
        if not is_known and name not in {one.name for one in taking.values}:
            taking.values.append(Value(name, f"on line {document.place(*path).line} of {document.path}"))


def _comment(line: str) -> str:
    found = _COMMENT.search(line.rstrip("\r\n"))
    if not found or not looks_secret(found[0]):
        return line
    return line[: found.start()] + "# (left out, because it looked like a secret)\n"


def _promised(taking: _Taking, documents: list[Document], sources: list[str]) -> Iterator[Value]:
    """The names that the node's `.env` must give: those of the one that was used, and those that the files need."""
    known = set(taking.place.given) | GIVEN
    own = {one.name for one in taking.values}
    for path in sources:
        for name in taking.found.names[path]:
            # Compose's own settings are for who starts it, and stems does.
            if not is_name(VARIABLE, name) or name.startswith("COMPOSE_") or looks_secret(name):
                continue
            if name in known:
                taking.notes.append(f"{name} of {path} gives way to the variable {name} of the cluster")
            elif name not in own:
                own.add(name)
                yield Value(name, f"in {path}", path)
    for name in _used(documents):
        if name not in own | known:
            own.add(name)
            yield Value(name, "in none of its files: whoever started it had it in the environment, or it was empty")


def _left(taking: _Taking) -> Iterator[str]:
    containers = taking.candidate.containers
    yield from (line for one in containers for line in told_mounts(one))
    # Files of configs and secrets are mounts, too.
    mounted = {mount.get("Source") for one in containers for mount in one.mounts}
    yield from (f"{one.path}, {one.what}" for one in taking.led if not one.is_mount and one.path not in mounted)


def _told(taking: _Taking, documents: list[Document]) -> Iterator[str]:
    if taking.led:
        yield f"paths that were relative to {taking.folder} are absolute now, so that they lead to the same files"
    unseen = sorted({one.path for one in taking.led if one.is_unseen})
    if unseen:
        paths = ", ".join(unseen)
        yield f"changes of {paths} are not part of plans: those of files beside compose.yml in the repository are"
    for document in documents:
        for name, body in as_section(as_section(document.value).get("services")).items():
            for entry in as_list(as_section(body).get("volumes")):
                if isinstance(entry, str) and entry.startswith("$"):
                    yield f"{name}: {entry.partition(':')[0]} must be absolute in the `.env`, if it is not"
    for name, number in Counter(one.service for one in taking.candidate.containers).items():
        if number > 1 and not any(_says_how_many(document, name) for document in documents):
            yield f"{name} runs {number} times, which its files do not say: write `scale: {number}`"


def _used(documents: list[Document]) -> Iterator[str]:
    """The variables that files cannot do without."""
    for document in documents:
        for text in texts(document.value):
            yield from (found.name for found in references(text) if not found.has_default)
        for kind in ("configs", "secrets"):
            for entry in as_section(as_section(document.value).get(kind)).values():
                name = as_section(entry).get("environment")
                yield from (name,) if isinstance(name, str) else ()


def _says_how_many(document: Document, service: str) -> bool:
    body = as_section(as_section(as_section(document.value).get("services")).get(service))
    return "scale" in body or "replicas" in as_section(body.get("deploy"))
