"""Plays of Ansible playbooks, as far as an assessment needs them: for which nodes, with which roles and paths."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.nodes import label
from stems.model.assessment import FoundNode
from stems.model.finding import Place
from stems.validation.files import File

_TASKS = re.compile(r"(?P<role>(?:.*/)?roles/(?P<name>[^/]+))/(?:tasks|handlers)/.+\.ya?ml")
_PLAIN_FOLDERS = re.compile(r"(?:^|/)(?:group_vars|host_vars|vars|defaults|meta|templates|files)/")
_TASK_LISTS = ("tasks", "pre_tasks", "post_tasks", "block", "rescue", "always")
_DEEPEST = 12
_LONGEST_PATH = 300
_HOMES_OF_SERVICES = frozenset({"services", "stacks", "docker", "compose", "containers", "apps", "opt", "srv"})
PLAIN = _HOMES_OF_SERVICES | {
    "",
    "app",
    "bin",
    "config",
    "data",
    "default",
    "etc",
    "home",
    "lib",
    "local",
    "root",
    "src",
}
_PROJECTS = ("project_src", "project_directory", "chdir")
_OF_COMPOSE = re.compile(r"(?:docker-)?compose.*\.ya?ml|\.env")


@dataclass(frozen=True, slots=True)
class Play:
    """One play. `roles` are names of roles, `tasks` its own tasks as they are written, blocks taken apart.

    `words` are parts of the paths that its tasks name, which may be names of services.
    """

    place: Place
    hosts: str
    roles: tuple[str, ...]
    tasks: tuple[Mapping[str, Any], ...]
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RoleTasks:
    """The tasks in one file of a role."""

    role: str
    file: File
    tasks: tuple[tuple[Place, Mapping[str, Any]], ...]


def plays_of(look: Look) -> Iterator[Play]:
    for file in _yaml(look):
        if _TASKS.fullmatch(file.path) or _PLAIN_FOLDERS.search(file.path) or "hosts:" not in file.text:
            continue
        for document in file.documents[:5]:
            for index, play in enumerate(document.value if isinstance(document.value, list) else ()):
                if isinstance(play, Mapping) and isinstance(play.get("hosts"), str | list):
                    yield _play(document.place(index), play)


def role_tasks(look: Look) -> Iterator[RoleTasks]:
    for file in _yaml(look):
        found = _TASKS.fullmatch(file.path)
        for document in file.documents[:1] if found else ():
            entries = enumerate(document.value) if isinstance(document.value, list) else ()
            tasks = tuple((document.place(index), task) for index, one in entries for task in _unfolded(one))
            yield RoleTasks(found["name"] if found else "", file, tasks)


def reached(hosts: str, nodes: Sequence[FoundNode]) -> tuple[str, ...] | None:
    """The nodes that a pattern of a play means; None where only Ansible can tell."""
    if not hosts or any(mark in hosts for mark in "{}~!&*[]"):
        return None
    found: dict[str, None] = {}
    for word in re.split(r"[,:;\s]+", hosts):
        for node in nodes:
            groups = {group for sighting in node.sightings for group in sighting.groups}
            roles = {sighting.facts.get("role", "") for sighting in node.sightings}
            if word == "all" or word in groups | roles or label(word) in (node.name, *map(label, node.others)):
                found[node.name] = None
    return tuple(found)


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    """Every text below a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping) and depth < _DEEPEST:
        for inner in value.values():
            yield from _texts(inner, depth + 1)
    elif isinstance(value, list) and depth < _DEEPEST:
        for inner in value:
            yield from _texts(inner, depth + 1)


def _yaml(look: Look) -> Iterator[File]:
    return (file for file in look.settled if file.name.endswith((".yml", ".yaml")))


def _play(place: Place, play: Mapping[str, Any]) -> Play:
    hosts = play["hosts"]
    roles = play.get("roles")
    names = [_role(entry) for entry in roles] if isinstance(roles, list) else []
    tasks = tuple(task for key in _TASK_LISTS for one in _list(play.get(key)) for task in _unfolded(one))
    included = [_role(task[key]) for task in tasks for key in task if key.endswith(("include_role", "import_role"))]
    words = ",".join(map(str, hosts)) if isinstance(hosts, list) else str(hosts)
    paths = (text for task in tasks for text in _texts(task) if "/" in text and len(text) < _LONGEST_PATH)
    parts = {part for path in paths for part in _telling(path.strip().lower())}
    parts |= {part for task in tasks for part in _projects(task)}
    return Play(place, words, tuple(name for name in (*names, *included) if name), tasks, frozenset(parts))


def _telling(path: str) -> Iterator[str]:
    """The parts of a path that may be names of services: what lies where services do, or holds a Compose file."""
    parts = path.split("/")
    for before, part, after in zip(("", *parts), parts, (*parts[1:], ""), strict=False):
        if part not in PLAIN and (before in _HOMES_OF_SERVICES or _OF_COMPOSE.fullmatch(after)):
            yield part


def _projects(task: Mapping[str, Any]) -> Iterator[str]:
    """The folders that a task calls those of a project."""
    for arguments in task.values():
        for key in _PROJECTS if isinstance(arguments, Mapping) else ():
            path = arguments.get(key)
            if isinstance(path, str):
                yield path.rstrip("/").rpartition("/")[2].lower()


def _role(entry: object) -> str:
    name = entry.get("role", entry.get("name")) if isinstance(entry, Mapping) else entry
    return name.rpartition("/")[2] if isinstance(name, str) else ""


def _unfolded(task: object, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if not isinstance(task, Mapping) or depth > _DEEPEST:
        return
    if "block" not in task:
        yield task
    for key in ("block", "rescue", "always"):
        for inner in _list(task.get(key)):
            yield from _unfolded(inner, depth + 1)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
