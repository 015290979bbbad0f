"""Taking over what already runs, a project or a container: only when every mount stays what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stems.tools.compose.container import Container
from stems.tools.compose.reading import ProjectReading

_ANONYMOUS = re.compile(r"[0-9a-f]{64}")

Mount = tuple[str, str]


def displaced(project: ProjectReading, containers: Iterable[Container]) -> dict[str, Container]:
    """Containers that were started by themselves and have the name that a service gives to its own, by service."""
    alone = {found.name: found for found in containers if not found.project and not found.cluster}
    named = {name: service.container for name, service in project.services.items() if service.container}
    return {name: alone[container] for name, container in named.items() if container in alone}


def mount_differences(project: ProjectReading, container: Container, name: str = "") -> Iterator[str]:
    """What a service, by default its own, would mount otherwise than a container does: a line for each path in it."""
    service = project.services[name or container.service]
    target = dict(_declared(project, service.mounts))
    running = dict(_running(project.running_mounts[container.identity], in_compose=bool(container.project)))
    # Files of `configs` and `secrets` are mounts of a container, too.
    files = set(_file_paths(service.files)) - target.keys()
    for path in sorted((target.keys() | running.keys()) - files):
        if target.get(path) != running.get(path):
            yield f"{path} is {_told(running.get(path))} and would be {_told(target.get(path))}"


def _declared(project: ProjectReading, mounts: list[dict[str, object]]) -> Iterator[tuple[str, Mount]]:
    for mount in mounts:
        kind, source, path = mount.get("type"), str(mount.get("source", "")), str(mount["target"])
        if kind == "volume" and source:
            yield path, ("volume", project.volumes.get(source, source))
        elif kind == "bind":
            yield path, ("bind", source)


def _running(mounts: list[dict[str, object]], *, in_compose: bool) -> Iterator[tuple[str, Mount]]:
    for mount in mounts:
        kind, name, path = mount.get("Type"), str(mount.get("Name", "")), str(mount["Destination"])
        # Compose hands anonymous volumes of its own containers on to the one that replaces them.
        if kind == "volume" and not (in_compose and _ANONYMOUS.fullmatch(name)):
            yield path, ("volume", name)
        elif kind == "bind":
            yield path, ("bind", str(mount.get("Source", "")))


def _file_paths(entries: list[dict[str, object]]) -> Iterator[str]:
    for entry in entries:
        path = str(entry.get("target") or entry.get("source"))
        yield from (path,) if path.startswith("/") else (f"/{path}", f"/run/secrets/{path}")


def _told(mount: Mount | None) -> str:
    return f"{mount[0]} {mount[1]}" if mount else "not mounted"
