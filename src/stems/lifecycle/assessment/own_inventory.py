"""The inventory that a playbook goes with, and what names a group of it."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname

from stems.model.assessment import Evidence, OwnInventory
from stems.model.finding import Place
from stems.tools.ansible.repository.content import joined
from stems.tools.ansible.repository.inventory import Inventory
from stems.tools.ansible.repository.plays import Play
from stems.tools.ansible.repository.tree import AnsibleTree


def own_inventory(tree: AnsibleTree, entry: str) -> OwnInventory | None:
    """None where no group is named, or where several inventories have it and nothing says which one counts."""
    plays = list(_reached(tree, joined(tree.root, entry)))
    found = {
        each.paths[0]: uses for each in tree.inventories if each.is_complete and (uses := _uses(tree, each, plays))
    }
    configured = [path for path in tree.configuration.paths("inventory", separator=",") if path in found]
    chosen = configured if configured else list(found)
    if len(chosen) != 1:
        return None
    inventory = next(each for each in tree.inventories if each.paths[0] == chosen[0])
    path = chosen[0].removeprefix(f"{tree.root}/") if tree.root else chosen[0]
    return OwnInventory(path, frozenset(inventory.hosts), found[chosen[0]])


def _uses(tree: AnsibleTree, inventory: Inventory, plays: list[Play]) -> tuple[Evidence, ...]:
    """Plays come first, because without the group Ansible skips them."""
    return tuple(use for use in (*_of_plays(plays), *_of_variables(tree)) if use.says in inventory.groups)


def _of_plays(plays: list[Play]) -> Iterator[Evidence]:
    for play in plays:
        for part in play.parts or ():
            # A group that is left out may be one that nobody has.
            if part.is_plain and part.sign != "!":
                yield Evidence(play.at_key("hosts"), part.text)


def _of_variables(tree: AnsibleTree) -> Iterator[Evidence]:
    for file in tree.variable_files:
        # Also those of an encrypted one.
        if file.kind == "group" and tree.content.text(file.path).strip():
            yield Evidence(Place(file.path, 1, 1), file.name)


def _reached(tree: AnsibleTree, entry: str) -> Iterator[Play]:
    """The plays of a playbook and of those that it imports."""
    seen, left = {entry}, [entry]
    while left:
        file = left.pop(0)
        for play in (one for one in tree.plays if one.file == file):
            yield play
            imported = joined(dirname(file), play.imported) if play.imported else ""
            if imported and imported not in seen:
                seen.add(imported)
                left.append(imported)
