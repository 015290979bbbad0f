"""Nodes of Ansible inventories, with what variables of theirs say. Scripts and plugins are not run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.model.names import HOST, USER, is_name
from stems.tools.ansible.repository.content import Content
from stems.tools.ansible.repository.ini import looks_like_ini
from stems.tools.ansible.repository.inventories import read_inventory
from stems.tools.ansible.repository.inventory import ALL, UNGROUPED, Host, Inventory, Variable
from stems.tools.ansible.repository.tree import AnsibleTree
from stems.tools.ansible.repository.variables import VariableFile
from stems.validation.ansible_trees import ansible_trees_of, content_of
from stems.validation.content import Kind
from stems.validation.files import File

_FILES = re.compile(
    r"(?:.*/)?(?:(?:hosts|inventory)(?:[._-]\w+)?(?:\.(?:ini|ya?ml|cfg|inv))?|\w+\.(?:inventory|inv)|\w+[._-](?:hosts|inventory)(?:\.(?:ini|ya?ml))?)"
)
_INSIDE = re.compile(r"(?:.*/)?inventor(?:y|ies)/(?:.+/)?[^./]+(?:\.(?:ini|ya?ml|cfg|inv))?")
_VARIABLES = re.compile(r"(?:.*/)?(?:group_vars|host_vars)/.*")
_YAML = (".yml", ".yaml")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_OVER_SSH = frozenset(
    {"", "ssh", "smart", "paramiko", "paramiko_ssh", "ansible.builtin.ssh", "ansible.builtin.paramiko_ssh"}
)
_WORDS = {"address": "host", "user": "user", "port": "port"}
"""What a sighting calls what Ansible's variables end in."""
_KEYS = tuple(f"ansible_{ssh}{word}" for word in (*_WORDS.values(), "connection") for ssh in ("", "ssh_"))
_MOST, _MOST_PAIRS = 2000, 200_000


@dataclass(frozen=True, slots=True)
class _Told:
    """Variables of a node or a group with what the place is."""

    says: str
    variables: Mapping[str, Variable]


@dataclass(frozen=True, slots=True)
class _Value:
    """A variable that counts, what the place is, and whether it is the node's own in the inventory."""

    says: str
    variable: Variable
    is_own: bool


def sightings(look: Look) -> Iterator[Sighting]:
    """First those that Ansible would find by itself, then files that look like one."""
    read: set[str] = set()
    for tree in look.subject.once(ansible_trees_of):
        files = _Files(tree)
        for inventory in tree.inventories:
            if read.isdisjoint(inventory.paths):
                yield from _of(inventory, files)
            read.update(inventory.paths)
    content = look.subject.once(content_of)
    for file in look.settled:
        if file.path not in read and _is_one(content, file):
            yield from _of(read_inventory(content, file.path))


def unseen(look: Look) -> Iterator[str]:
    """What is said of inventories that only tell their nodes when they are run or opened."""
    content = look.subject.once(content_of)
    for tree in look.subject.once(ansible_trees_of):
        for path in (path for inventory in tree.inventories if not inventory.is_complete for path in inventory.paths):
            document = content.document(path) if path.endswith(_YAML) else None
            if content.is_encrypted(path):
                yield f"{path} is encrypted: nodes that only it names are not here"
            elif content.text(path).startswith("#!") or path.endswith((".py", ".sh")):
                yield f"{path} is a program, which is not run: nodes that only it names are not here"
            elif document and isinstance(document.value, dict) and "plugin" in document.value:
                yield f"{path} is for a plugin, which is not run: nodes that only it finds are not here"


def _is_one(content: Content, file: File) -> bool:
    is_inside = _INSIDE.fullmatch(file.path) is not None
    if not (is_inside or _FILES.fullmatch(file.path)) or _VARIABLES.fullmatch(file.path) or file.kind is not Kind.TEXT:
        return False
    text = file.text
    if file.name.endswith(_YAML):
        document = content.document(file.path) if "hosts:" in text else None
        value = document.value if document else None
        return isinstance(value, dict) and all(group is None or isinstance(group, dict) for group in value.values())
    # A `hosts` file without groups may be one of addresses.
    return not text.startswith("#!") and (is_inside or looks_like_ini(text) or "ansible_" in text)


class _Files:
    """The variables that files beside an Ansible tree give to its nodes and groups."""

    def __init__(self, tree: AnsibleTree) -> None:
        self._content = tree.content
        self._files: dict[tuple[str, str], list[VariableFile]] = {}
        for file in tree.variable_files:
            self._files.setdefault((file.kind, file.name), []).append(file)
        self._read: dict[tuple[str, str], _Told] = {}

    def told(self, kind: str, name: str) -> _Told:
        """What `host_vars` or `group_vars` say of a name."""
        if (kind, name) not in self._read:
            found = {}
            for file in self._files.get((kind, name), ()):
                document = self._content.document(file.path)
                if document and isinstance(document.value, dict):
                    given = {key: document.value[key] for key in _KEYS if key in document.value}
                    found.update({key: Variable(given[key], document.key_place(key)) for key in given})
            self._read[kind, name] = _Told(f"variables of {'group ' * (kind == 'group')}{name}", found)
        return self._read[kind, name]


def _of(inventory: Inventory, files: _Files | None = None) -> Iterator[Sighting]:
    groups = _groups(inventory)
    for number, host in enumerate(inventory.hosts.values()):
        if number >= _MOST:
            return
        if is_name(HOST, host.name) and host.name not in _LOCAL and host.says("ansible_connection") != "local":
            yield from _sightings(host, inventory, tuple(groups.get(host.name, ())), files)


def _groups(inventory: Inventory) -> dict[str, dict[str, None]]:
    """The groups of each node, those first that name it themselves."""
    found: dict[str, dict[str, None]] = {}
    direct = [(name, host) for name, group in inventory.groups.items() for host in group.hosts]
    is_small = len(inventory.groups) * len(inventory.hosts) < _MOST_PAIRS
    names = inventory.groups if is_small else ()
    above = [(name, host) for name in names for host in sorted(inventory.members(name))]
    for name, host in (*direct, *above):
        if name not in (ALL, UNGROUPED):
            found.setdefault(host, {})[name] = None
    return found


def _sightings(host: Host, inventory: Inventory, groups: tuple[str, ...], files: _Files | None) -> Iterator[Sighting]:
    """The line of the inventory, and each other place that says something of the node."""
    own: dict[str, Any] = {}
    others = []
    for what, word in _WORDS.items():
        found = _first(word, host, inventory, groups, files)
        value = _valid(what, found.variable.value) if found else None
        if found and value and found.is_own and found.variable.place.path == host.place.path:
            own[what] = value
        elif found and value:
            given: dict[str, Any] = {what: value}
            others.append(Sighting(host.name, found.variable.place, found.says, Strength.DECLARED, **given))
    connection = _first("connection", host, inventory, groups, files)
    way = str(connection.variable.value) if connection else ""
    facts = {"group": groups[0]} if groups else {}
    facts |= {} if way in _OVER_SSH or "{{" in way else {"connection": way}
    says = f"inventory, group {groups[0]}" if groups else "inventory"
    yield Sighting(host.name, host.place, says, Strength.DECLARED, groups=groups, facts=facts, **own)
    yield from others


def _first(word: str, host: Host, inventory: Inventory, groups: tuple[str, ...], files: _Files | None) -> _Value | None:
    """The value that counts by Ansible's own order: of the node before its groups, files before the inventory."""
    names = (f"ansible_{word}", f"ansible_ssh_{word}")
    for told in _places(host, inventory, groups, files):
        for name in names:
            if name in told.variables:
                return _Value(told.says, told.variables[name], told.variables is host.variables)
    return None


def _places(host: Host, inventory: Inventory, groups: tuple[str, ...], files: _Files | None) -> Iterator[_Told]:
    if files:
        yield files.told("host", host.name)
    yield _Told("inventory", host.variables)
    for group in (*groups, ALL):
        if files:
            yield files.told("group", group)
        if group in inventory.groups:
            yield _Told(f"variables of group {group}", inventory.groups[group].variables)


def _valid(what: str, value: object) -> str | int | None:
    """None where only Ansible can tell."""
    if what == "port":
        text = str(value)
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 and 0 < int(text) < 65536 else None
    return value if isinstance(value, str) and is_name(HOST if what == "address" else USER, value) else None
