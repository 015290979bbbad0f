"""An inventory: the nodes and groups that it names, with their variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from stems.model.finding import Finding, Place

ALL, UNGROUPED = "all", "ungrouped"
MOST_HOSTS = 20_000
"""Nodes that one inventory may name; of one with more, nothing is said."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A value as it is written, and where."""

    value: object
    place: Place


@dataclass(frozen=True, slots=True)
class Host:
    """A node as an inventory names it; `place` is where that is first."""

    name: str
    place: Place
    variables: Mapping[str, Variable] = field(default_factory=dict)

    def says(self, *names: str) -> str:
        """The first of these variables that is a plain text."""
        values = (self.variables[name].value for name in names if name in self.variables)
        return next((str(value) for value in values if value and "{{" not in str(value)), "")

    @property
    def address(self) -> str:
        return self.says("ansible_host", "ansible_ssh_host") or self.name

    @property
    def user(self) -> str:
        return self.says("ansible_user", "ansible_ssh_user")


@dataclass(frozen=True, slots=True)
class Group:
    """A group, with what is written for itself."""

    name: str
    place: Place
    hosts: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)


@dataclass(frozen=True)
class Inventory:
    """What one inventory, a file or a folder of files, says.

    Not `is_complete` where a program, a plugin or an encrypted file says more, or a file that cannot be read.
    """

    paths: tuple[str, ...]
    hosts: Mapping[str, Host] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    is_complete: bool = True
    findings: tuple[Finding, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Of nodes and groups."""
        return frozenset((*self.hosts, *self.groups, ALL, UNGROUPED))

    @cached_property
    def _members(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(self._below(name)) for name in self.groups}

    def members(self, group: str) -> frozenset[str]:
        """The nodes of a group and of the groups below it."""
        if group == ALL:
            return frozenset(self.hosts)
        if group == UNGROUPED:
            return frozenset(self.hosts).difference(
                *(self._members[name] for name in self.groups if name not in (ALL, UNGROUPED))
            )
        return self._members.get(group, frozenset())

    def variables(self) -> Iterator[tuple[str, Variable]]:
        """Every one that it gives to a node or group."""
        for variables in (each.variables for holders in (self.hosts, self.groups) for each in holders.values()):
            yield from variables.items()

    def groups_of(self, host: str) -> tuple[str, ...]:
        return tuple(name for name, members in self._members.items() if host in members)

    def _below(self, name: str) -> Iterator[str]:
        seen, left = {name}, [name]
        while left:
            group = self.groups.get(left.pop())
            if group:
                yield from group.hosts
                left += [child for child in group.children if child not in seen]
                seen.update(group.children)


class Draft:
    """An inventory while it is read."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(paths)
        self.is_complete = True
        self.findings: list[Finding] = []
        self._declared = {ALL, UNGROUPED}
        self._hosts: dict[str, tuple[Place, dict[str, Variable]]] = {}
        self._groups: dict[str, tuple[Place, dict[str, None], dict[str, None], dict[str, Variable]]] = {}

    def group(self, name: str, place: Place) -> None:
        self._declared.add(name)
        self._groups.setdefault(name, (place, {}, {}, {}))

    def has_group(self, name: str) -> bool:
        """Whether it is declared: variables alone do not."""
        return name in self._declared

    def host(self, name: str, place: Place, group: str, variables: Mapping[str, Variable]) -> None:
        if len(self._hosts) >= MOST_HOSTS:
            self.is_complete = False
            return
        self._hosts.setdefault(name, (place, {}))[1].update(variables)
        self.group(group, place)
        self._groups[group][1][name] = None

    def child(self, group: str, name: str, place: Place) -> None:
        self.group(group, place)
        self._groups[group][2][name] = None

    def variable(self, group: str, name: str, variable: Variable) -> None:
        self._groups.setdefault(group, (variable.place, {}, {}, {}))[3][name] = variable

    def finished(self) -> Inventory:
        hosts = {name: Host(name, place, variables) for name, (place, variables) in self._hosts.items()}
        groups = {
            name: Group(name, place, tuple(inside), tuple(children), variables)
            for name, (place, inside, children, variables) in self._groups.items()
            if name != UNGROUPED or inside or variables
        }
        return Inventory(self.paths, hosts, groups, self.is_complete, tuple(dict.fromkeys(self.findings)))
