"""Taking over a project that already runs: only when every mount stays what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.tools.compose.container import Container
from stems.tools.compose.reading import ProjectReading

_ANONYMOUS = re.compile(r"[0-9a-f]{64}")

Mount = tuple[str, str]


def mount_differences(project: ProjectReading, container: Container) -> Iterator[str]:
    """What would be mounted differently after a recreate, one line each, by the path in the container."""
    service = project.services[container.service]
    target = dict(_declared(project, service.mounted()))
    running = dict(_running(project.running_mounts[container.identity]))
    files = {path for path in running if path not in target and _is_compose_file(path, running)}
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


def _running(mounts: list[dict[str, object]]) -> Iterator[tuple[str, Mount]]:
    for mount in mounts:
        kind, name, path = mount.get("Type"), str(mount.get("Name", "")), str(mount["Destination"])
        # Compose hands anonymous volumes on to the container that replaces this one.
        if kind == "volume" and not _ANONYMOUS.fullmatch(name):
            yield path, ("volume", name)
        elif kind == "bind":
            yield path, ("bind", str(mount.get("Source", "")))


def _is_compose_file(path: str, running: dict[str, Mount]) -> bool:
    """Files of `configs` and `secrets` appear as mounts of a container and not in its declaration."""
    return path.startswith("/run/secrets/") and running[path][0] == "bind"


def _told(mount: Mount | None) -> str:
    return f"{mount[0]} {mount[1]}" if mount else "not mounted"
