"""What a node said about its projects, read strictly: what cannot be read is an error, never an absence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from stems.model.names import DIGEST, is_name, printable
from stems.tools.compose.container import Container, parse_container

_EVENT = re.compile(r"(?P<kind>Container|Network|Volume) (?P<name>\S+)")


@dataclass(slots=True)
class RenderedService:
    """One Compose service of a rendered model, without its values."""

    image: str = ""
    container: str = ""
    builds: bool = False
    mounts: list[dict[str, object]] = field(default_factory=list)
    files: list[dict[str, object]] = field(default_factory=list)
    """Its `configs` and `secrets`."""


@dataclass(slots=True)
class ProjectReading:
    """What one node said about one project."""

    name: str
    failed: str = ""
    said: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    keyed: dict[str, str] = field(default_factory=dict)
    services: dict[str, RenderedService] = field(default_factory=dict)
    volumes: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    applied: dict[str, str] = field(default_factory=dict)
    parts: dict[str, dict[str, str]] = field(default_factory=dict)
    events: dict[str, list[str]] = field(default_factory=dict)
    dry_status: int | None = None
    builds_first: bool = False
    running_mounts: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    fleeting: frozenset[str] = frozenset()
    """Those of these containers that Docker removes as soon as they are stopped, with their anonymous volumes."""


@dataclass(slots=True)
class Reading:
    """What one node said."""

    version: str = ""
    blocked: str = ""
    denied: bool = False
    failed: str = ""
    said: list[str] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)
    one_offs: list[Container] = field(default_factory=list)
    """Those of `docker compose run`, which Compose itself never starts again or replaces."""
    volumes: dict[str, str] = field(default_factory=dict)
    """The project of each volume that Compose made."""
    projects: dict[str, ProjectReading] = field(default_factory=dict)


def parse_reading(output: str) -> Reading:
    """Raises `ValueError` for anything that `observe_script` does not print."""
    parts = list(sections(output))
    if not parts or parts[-1] != ("end", "", []):
        raise ValueError("the answer is not whole")
    reading = Reading()
    project: ProjectReading | None = None
    for word, rest, lines in parts[:-1]:
        if word == "project":
            project = reading.projects[rest] = ProjectReading(rest)
        elif project is None:
            _of_node(reading, word, rest=rest, lines=lines)
        else:
            _of_project(project, word, rest=rest, lines=lines)
    return reading


def sections(output: str) -> Iterator[tuple[str, str, list[str]]]:
    """Lines that start with `@`, each with the `| ` lines that follow it."""
    current: tuple[str, str, list[str]] | None = None
    for line in output.split("\n"):
        if line.startswith("@"):
            if current:
                yield current
            word, _, rest = line[1:].partition(" ")
            current = (word, printable(rest), [])
        elif line.startswith("| ") and current:
            current[2].append(line[2:])
        elif line:
            raise ValueError(f"not expected: {printable(line[:80])}")
    if current:
        yield current


def _of_node(reading: Reading, word: str, *, rest: str, lines: list[str]) -> None:
    match word:
        case "version":
            reading.version = rest.removeprefix("v")
        case "blocked":
            reading.blocked = rest
        case "denied":
            reading.denied, reading.said = True, lines
        case "failed":
            reading.failed, reading.said = rest, lines
        case "containers":
            found = [parse_container(line) for line in lines]
            reading.containers = [container for container in found if not container.is_one_off]
            reading.one_offs = [container for container in found if container.is_one_off]
        case "volumes":
            # A project is one word, and so is a volume.
            reading.volumes = {name: project for name, _, project in (printable(line).partition(" ") for line in lines)}
        case _:
            raise ValueError(f"not expected: @{word}")


def _of_project(project: ProjectReading, word: str, *, rest: str, lines: list[str]) -> None:
    match word:
        case "failed":
            project.failed, project.said = rest, [printable(line) for line in lines]
        case "missing":
            project.missing.append(rest)
        case "digest":
            service, digest, keyed = rest.split(" ")
            _require_digest(digest)
            project.digests[service], project.keyed[service] = digest, keyed
        case "applied":
            project.applied = dict(_applied(line) for line in lines)
        case "parts":
            for line in lines:
                service, digest, name = line.split(" ", 2)
                project.parts.setdefault(service, {})[name] = digest
        case _:
            _of_model(project, word, rest=rest, lines=lines)


def _of_model(project: ProjectReading, word: str, *, rest: str, lines: list[str]) -> None:
    match word:
        case "volume":
            key, _, name = rest.partition(" ")
            project.volumes[key] = json.loads(name)
        case "image":
            identity, _, image = rest.partition(" ")
            if identity == "unknown":
                raise ValueError(f"whether the image {image} is there is not known")
            project.images[image] = "" if identity == "missing" else identity
        case "builds-first":
            project.builds_first = True
        case "dry":
            project.dry_status = int(rest)
            _events(project, lines)
        case "running-mounts":
            project.running_mounts = {identity: mounts for identity, mounts in map(json.loads, lines)}
        case "fleeting":
            project.fleeting = frozenset(lines)
        case _:
            _of_service(project, word, rest=rest, lines=lines)


def _of_service(project: ProjectReading, word: str, *, rest: str, lines: list[str]) -> None:
    if word == "service":
        project.services[rest] = RenderedService()
        return
    if not project.services:
        raise ValueError(f"not expected: @{word}")
    service = next(reversed(project.services.values()))
    match word:
        case "uses":
            service.image = json.loads(rest)
        case "named":
            service.container = json.loads(rest)
        case "builds":
            service.builds = True
        case "mounts":
            service.mounts = _entries(lines)
        case "files":
            service.files += _entries(lines)
        case _:
            raise ValueError(f"not expected: @{word}")


def _entries(lines: list[str]) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", json.loads("\n".join(["[", *lines, "]"])))


def _applied(line: str) -> tuple[str, str]:
    _project, _declared, service, digest, _kind = line.split(" ")
    _require_digest(digest)
    return service, digest


def _events(project: ProjectReading, lines: list[str]) -> None:
    """Compose mixes its events with warnings, and with questions that do not end their line."""
    for line in lines:
        at = line.find('{"')
        event = json.loads(line[at:]) if at >= 0 else {}
        match = _EVENT.fullmatch(str(event.get("id", "")))
        if match:
            # The verb is the status up to Compose 2 and the text from Compose 5 on.
            resource = f"{match['kind'].lower()}:{printable(match['name'])}"
            verbs = [printable(str(event[key])) for key in ("status", "text") if event.get(key)]
            project.events.setdefault(resource, []).extend(verbs)
        elif text := event.get("message") or event.get("msg") or line[:at] if at >= 0 else line:
            project.said.append(printable(str(text)))


def _require_digest(text: str) -> None:
    if not is_name(DIGEST, text):
        raise ValueError(f"not a digest: {printable(text[:80])}")
