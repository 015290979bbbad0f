"""Finds the Ansible trees of a repository: the folders where one begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname

from stems.tools.ansible.repository.configuration import Configuration, read_configuration
from stems.tools.ansible.repository.content import Content, and_above, is_below, joined
from stems.tools.ansible.repository.ini import looks_like_ini
from stems.tools.ansible.repository.plays import plays_in
from stems.tools.ansible.repository.roles import folder_of, is_a_role
from stems.tools.ansible.repository.tree import AnsibleTree

CONFIGURATION = "ansible.cfg"
_INNER = frozenset(
    {"playbooks", "plays", "playbook", "inventory", "inventories", "environments", "group_vars", "host_vars"}
)
_YAML = (".yml", ".yaml")
_INVENTORIES = tuple(f"{name}{ending}" for name in ("hosts", "inventory") for ending in (".ini", ".yml", ".yaml", ""))
_ROLE_PARTS = ("tasks/main.yml", "tasks/main.yaml")


@dataclass(frozen=True, slots=True)
class Declared:
    """An Ansible tree that somebody declared, with the names of nodes and groups that Ansible is given there."""

    source: str
    inventory: str = ""
    nodes: frozenset[str] = frozenset()


def find_trees(content: Content, declared: Sequence[Declared] = ()) -> tuple[AnsibleTree, ...]:
    """Every tree, in the order of their folders."""
    by_source = {_clean(each.source): each for each in declared}
    configured = {dirname(path) for path in content.live if basename(path) == CONFIGURATION}
    roots = _roots({*_folders(content), *configured}, configured | by_source.keys())
    roots = tuple(dict.fromkeys((*roots, *by_source)))
    paths = _dealt(content, roots, by_source)
    return tuple(_tree(content, root, tuple(paths[root]), by_source.get(root)) for root in sorted(roots) if paths[root])


def _tree(content: Content, root: str, paths: tuple[str, ...], declared: Declared | None) -> AnsibleTree:
    configuration = _configuration(content, root)
    if declared is None:
        return AnsibleTree(root, content, paths, configuration)
    named = declared.inventory
    inventory = next((path for path in (joined(root, named), named) if named and content.exists(path)), named)
    return AnsibleTree(root, content, paths, configuration, is_declared=True, inventory=inventory, nodes=declared.nodes)


def _configuration(content: Content, root: str) -> Configuration:
    path = joined(root, CONFIGURATION)
    if path not in content and root and CONFIGURATION in content:
        # People start Ansible from the top of the repository.
        path = CONFIGURATION
    return read_configuration(content.text(path), path) if path in content else Configuration()


def _roots(folders: Iterable[str], configured: Iterable[str]) -> tuple[str, ...]:
    """The topmost of the folders, and below them only those with an `ansible.cfg` of their own."""
    own, found = set(configured), list[str]()
    for folder in sorted({*folders, *own}, key=lambda each: (each.count("/") if each else -1, each)):
        if folder in own or not any(is_below(folder, root) for root in found):
            found.append(folder)
    return tuple(found)


def _dealt(content: Content, roots: tuple[str, ...], declared: Iterable[str]) -> dict[str, list[str]]:
    """The files of each tree: of the nearest one above them. What is declared counts wherever it lies."""
    known, sources = set(roots), tuple(declared)
    found: dict[str, list[str]] = {root: [] for root in roots}
    nearest: dict[str, str | None] = {}
    for path in content.paths:
        folder = dirname(path)
        if folder not in nearest:
            nearest[folder] = next((each for each in and_above(folder) if each in known), None)
        root = nearest[folder]
        if root is not None and (path not in content.aside or root in sources):
            found[root].append(path)
    return found


def _folders(content: Content) -> Iterator[str]:
    """Where something says that an Ansible tree begins there or above."""
    for path in content.live:
        role = folder_of(path)
        if role is not None:
            yield _outer(role[: role.index("roles/")].rstrip("/"))
        elif path.endswith(_ROLE_PARTS) and is_a_role(content, dirname(dirname(path))):
            yield dirname(dirname(path))
        elif _is_of_a_tree(content, path):
            yield _outer(dirname(path))


def _is_of_a_tree(content: Content, path: str) -> bool:
    """Whether it is a playbook, an inventory, or variables for nodes."""
    if basename(path) in _INVENTORIES and _names_nodes(content.text(path)):
        return True
    steps = dirname(path).split("/")
    return "group_vars" in steps or "host_vars" in steps or (path.endswith(_YAML) and bool(plays_in(content, path)))


def _names_nodes(text: str) -> bool:
    return "ansible_" in text and ("hosts:" in text or looks_like_ini(text))


def _outer(folder: str) -> str:
    """Without the folders that a tree keeps its own things in."""
    steps = folder.split("/") if folder else []
    inner = next((index for index, step in enumerate(steps) if step in _INNER), len(steps))
    return "/".join(steps[:inner])


def _clean(source: str) -> str:
    return joined("", source)
