"""On which node a service runs, where something says so: never where it only could."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from posixpath import basename, normpath

from stems.lifecycle.assessment.look import Look
from stems.lifecycle.assessment.nodes import label
from stems.lifecycle.assessment.playbooks import PLAIN, Play, plays_of, reached
from stems.model.assessment import Evidence, FoundNode, FoundService, Strength
from stems.model.finding import Place
from stems.tools.ansible.repository.roles import folder_of

Where = tuple[tuple[str, ...], Evidence]

_VARIABLES = re.compile(r"(?:.*/)?(?:host|group)_vars/(?P<name>[^/.]+)(?:\.ya?ml|\.json|/[^/]+)?")
_LIST = re.compile(r"(?:\w+_)?(?:services|stacks|containers|apps|compose_projects|deployments)", re.IGNORECASE)
_NAMES = ("name", "service", "stack", "project", "app")
_REACHES = re.compile(r"(?:^|[\s;&|(])(?P<with>ssh|scp|rsync)\s|DOCKER_HOST=ssh://")
_MOST_LINES = 20_000
_LONGEST = 100


@dataclass(frozen=True)
class Placing:
    """The nodes of a repository, and what it says of services on them."""

    look: Look
    nodes: Sequence[FoundNode]

    def placed(self, services: Iterable[FoundService]) -> Iterator[FoundService]:
        for service in services:
            found = self._where(service)
            yield replace(service, nodes=found[0], why=found[1]) if found else service

    def _where(self, service: FoundService) -> Where | None:
        """What is written down for it comes first; that there is only one node is the last resort."""
        return (
            self._declared(service)
            or self._wanted(service)
            or self._by_path(service)
            or self._by_truth(service)
            or self._by_variables(service)
            or self._by_play(service)
            or self._by_script(service)
            or self._the_only_one()
        )

    @cached_property
    def _names(self) -> dict[str, str]:
        """What nodes are called; what only a `hosts` file says may be the name of a service behind a proxy."""
        found: dict[str, str] = {}
        for node in self.nodes:
            found.setdefault(node.name, node.name)
            for one in node.sightings:
                if one.strength is not Strength.MENTIONED:
                    for name in (one.name, *one.others):
                        found.setdefault(label(name), node.name)
        return found

    def _declared(self, service: FoundService) -> Where | None:
        cluster = self.look.cluster
        domain = cluster.domains.services
        for one in cluster.services.values():
            folder = normpath(f"{domain.source.strip('/')}/{one.where}") if domain else one.where
            is_project = service.tool == "compose" and (folder, one.name) == (service.folder, service.name)
            if is_project or (service.tool != "compose" and service.name in (one.name, one.unit.partition(".")[0])):
                return one.nodes, Evidence(cluster.written.key_place("services", one.name), "declared")
        return None

    def _wanted(self, service: FoundService) -> Where | None:
        nodes = tuple(dict.fromkeys(self._names[label(name)] for name in service.wanted if label(name) in self._names))
        return (nodes, Evidence(service.place, "a constraint of its own")) if nodes else None

    def _by_path(self, service: FoundService) -> Where | None:
        """A folder that is called like a node, or a file such as `docker-compose.NODE.yml`."""
        for word in (service.name, *reversed(service.folder.split("/"))):
            if label(word) in self._names:
                return (self._names[label(word)],), Evidence(service.place, "by its path")
        return None

    def _by_truth(self, service: FoundService) -> Where | None:
        found = self._truth.get(service.name)
        return (tuple(found), next(iter(found.values()))) if found else None

    @cached_property
    def _truth(self) -> Mapping[str, Mapping[str, Evidence]]:
        """For each service that facts of nodes name, those nodes."""
        found: dict[str, dict[str, Evidence]] = {}
        for node in self.nodes:
            for sighting in node.sightings:
                for name in sighting.facts.get("services", "").lower().split(","):
                    found.setdefault(name, {}).setdefault(node.name, Evidence(sighting.place, sighting.says))
        return found

    def _by_variables(self, service: FoundService) -> Where | None:
        nodes: dict[str, None] = {}
        where: Place | None = None
        for holder, place in self._listed.get(service.name, ()):
            for node in reached(holder, self.nodes) or ():
                nodes[node] = None
                where = where or place
        return (tuple(nodes), Evidence(where, "a list in its variables")) if where else None

    @cached_property
    def _listed(self) -> Mapping[str, list[tuple[str, Place]]]:
        """The services that variables of a node or group list, with whose they are."""
        found: dict[str, list[tuple[str, Place]]] = {}
        for file in self.look.settled:
            whose = _VARIABLES.fullmatch(file.path)
            if whose is None:
                continue
            for document in file.documents[:1]:
                value = document.value if isinstance(document.value, dict) else {}
                for key in filter(_LIST.fullmatch, value):
                    for name in _named(value[key]):
                        found.setdefault(name, []).append((whose["name"], document.key_place(key)))
        return found

    @cached_property
    def _plays(self) -> tuple[Play, ...]:
        return tuple(plays_of(self.look))

    def _by_play(self, service: FoundService) -> Where | None:
        folder = (basename(service.folder) or service.name).lower()
        role = basename(folder_of(service.place.path) or service.name)
        for play in self._plays:
            # A task of the play itself is in its file; what it deploys elsewhere is named by a path.
            is_own = service.tool == "ansible" and service.place in play.tasks
            if is_own or role in play.roles or folder in play.words:
                nodes = reached(play.hosts, self.nodes)
                if nodes:
                    return nodes, Evidence(play.place, f"play for {play.goal}"[:_LONGEST])
        return None

    def _by_script(self, service: FoundService) -> Where | None:
        folder = basename(service.folder)
        if not folder:
            return None
        if folder in PLAIN:
            # Such a word may be about anything; as what is copied it is this folder.
            pattern = re.compile(rf"\b(?:rsync|scp)\s[^|;&]*\s[\"']?(?:\./)?{re.escape(service.folder)}/?[\"']?\s")
        else:
            pattern = re.compile(rf"(?:^|[\s/\"']){re.escape(folder)}(?:[\s/\"';&]|$)")
        found = next(((node, place) for line, node, place in self._reaching if pattern.search(line)), None)
        return ((found[0],), Evidence(found[1], "a script that reaches it")) if found else None

    @cached_property
    def _reaching(self) -> tuple[tuple[str, str, Place], ...]:
        """Lines of scripts that name a node as where they go."""
        found = []
        for file in self.look.scripts:
            for number, whole in enumerate(islice(file.lines, _MOST_LINES), start=1):
                line = whole[:500].strip()
                match = None if line.startswith(("#", "echo")) else _REACHES.search(line)
                node = next(self._goals(line[match.end() :], match["with"]), "") if match else ""
                if node:
                    found.append((line, node, file.place(number)))
        return tuple(found)

    def _goals(self, rest: str, program: str | None) -> Iterator[str]:
        for word in re.split(r"[\s\"']+", rest):
            name, colon, _ = word.rpartition("@")[2].partition(":")
            if label(name) in self._names and (colon or program not in ("scp", "rsync")):
                yield self._names[label(name)]

    def _the_only_one(self) -> Where | None:
        if len(self.nodes) != 1 or self.nodes[0].strength is Strength.MENTIONED:
            return None
        return (self.nodes[0].name,), Evidence(self.nodes[0].sightings[0].place, "the only node")


def _named(value: object) -> Iterator[str]:
    """The names of a list, or of the keys of a mapping."""
    if isinstance(value, Mapping):
        yield from (str(key).lower() for key, entry in value.items() if entry is not False)
    for entry in value if isinstance(value, list) else ():
        name = next((entry[key] for key in _NAMES if key in entry), "") if isinstance(entry, Mapping) else entry
        if isinstance(name, str) and name:
            yield name.lower()
