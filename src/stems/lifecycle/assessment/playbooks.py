"""Plays of Ansible playbooks, as far as an assessment needs them: for which nodes, with which roles and paths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename
from typing import Any

from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.nodes import label
from stems.model.assessment import FoundNode, Strength
from stems.model.finding import Place
from stems.tools.ansible.repository.patterns import Pattern, parts_of
from stems.tools.ansible.repository.plays import Play as WrittenPlay
from stems.tools.ansible.repository.roles import RoleUse
from stems.tools.ansible.repository.site import Site
from stems.tools.ansible.repository.tasks import Task
from stems.validation.sites import sites_of

_INCLUDES = ("include_role", "import_role")
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
    """One play. `roles` are names of roles, `tasks` the places of its own tasks.

    `words` are parts of the paths that it and its roles name, which may be names of services.
    """

    place: Place
    hosts: object
    roles: tuple[str, ...]
    tasks: frozenset[Place]
    words: frozenset[str]

    @property
    def goal(self) -> str:
        return ", ".join(map(str, self.hosts)) if isinstance(self.hosts, list) else str(self.hosts)


def plays_of(look: Look) -> Iterator[Play]:
    """In the order of their files, also those that nothing is known to start."""
    settled = frozenset(file.path for file in look.settled)
    for site in look.subject.once(sites_of):
        words = _words_of_roles(site)
        for play in site.plays:
            if play.file in settled and isinstance(play.keys.get("hosts"), str | list):
                yield _play(site, play, words)


def reached(hosts: object, nodes: Sequence[FoundNode]) -> tuple[str, ...] | None:
    """The nodes that a pattern of a play means; None where only Ansible can tell."""
    parts = parts_of(hosts)
    if not parts or not all(part.is_plain for part in parts):
        return None
    found = {node.name for node in nodes} if all(part.sign for part in parts) else set()
    for part in sorted(parts, key=lambda one: " &!".index(one.sign or " ")):
        meant = {node.name for node in nodes if _means(part, node, nodes)}
        found = found - meant if part.sign == "!" else found & meant if part.sign == "&" else found | meant
    return tuple(node.name for node in nodes if node.name in found)


def _means(part: Pattern, node: FoundNode, nodes: Sequence[FoundNode]) -> bool:
    if part.text == "all":
        return node.strength is Strength.DECLARED or not any(one.strength is Strength.DECLARED for one in nodes)
    groups = {group for sighting in node.sightings for group in sighting.groups}
    roles = {sighting.facts.get("role", "") for sighting in node.sightings}
    return part.text in groups | roles or label(part.text) in (node.name, *map(label, node.others))


def _play(site: Site, play: WrittenPlay, of_roles: Mapping[str, frozenset[str]]) -> Play:
    tasks = [task for task in play.tasks() if not task.is_block]
    uses = [use for use in (*play.roles(), *_included(tasks)) if not use.is_dynamic]
    words = _words(tasks).union(*(of_roles.get(role.folder, ()) for use in uses if (role := site.role(use))))
    return Play(
        play.place, play.keys["hosts"], tuple(use.short for use in uses), frozenset(task.place for task in tasks), words
    )


def _included(tasks: Iterable[Task]) -> Iterator[RoleUse]:
    for task in tasks:
        name = task.arguments().get("name") if task.module in _INCLUDES else None
        if isinstance(name, str) and name:
            yield RoleUse(name, task.place, task.file, {})


def _words_of_roles(site: Site) -> dict[str, frozenset[str]]:
    found: dict[str, list[Task]] = {}
    for task in site.tasks:
        if task.role and not task.is_block:
            found.setdefault(task.role, []).append(task)
    return {folder: _words(tasks) for folder, tasks in found.items()}


def _words(tasks: Iterable[Task]) -> frozenset[str]:
    found: set[str] = set()
    for task in tasks:
        arguments = task.arguments()
        for text in _texts(arguments):
            if "/" in text and len(text) < _LONGEST_PATH:
                found.update(_telling(text.strip().lower()))
        paths = (arguments.get(key) for key in _PROJECTS)
        found.update(basename(path.rstrip("/")).lower() for path in paths if isinstance(path, str))
    return frozenset(found)


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text below a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list) and depth < _DEEPEST:
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth + 1)


def _telling(path: str) -> Iterator[str]:
    """The parts of a path that may be names of services: what lies where services do, or holds a Compose file."""
    parts = path.split("/")
    for before, part, after in zip(("", *parts), parts, (*parts[1:], ""), strict=False):
        if part not in PLAIN and (before in _HOMES_OF_SERVICES or _OF_COMPOSE.fullmatch(after)):
            yield part
