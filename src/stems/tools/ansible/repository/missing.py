"""What an Ansible tree names and does not have: files of tasks and variables, playbooks, roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from posixpath import basename, dirname

from stems.model.finding import Place
from stems.tools.ansible.repository.content import is_outside, joined
from stems.tools.ansible.repository.roles import RoleUse
from stems.tools.ansible.repository.search import found, is_ignored
from stems.tools.ansible.repository.spelling import nearly
from stems.tools.ansible.repository.tasks import Task, listed
from stems.tools.ansible.repository.tree import AnsibleTree

# People keep these off the repository, and Git need not know.
_PRIVATE = re.compile(r"secret|vault|credential|private|local|password", re.IGNORECASE)
_INCLUDES = {"include_tasks": "tasks", "import_tasks": "tasks", "include_vars": "vars"}
_PARTS = ("tasks", "vars", "defaults", "handlers")
_COLLECTION = re.compile(r"\w+\.\w+\.\w+")


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that leads nowhere, and where it is written."""

    name: str
    place: Place


def missing_files(tree: AnsibleTree) -> Iterator[Missing]:
    """Only those that are certain: nothing with a variable, nothing that Git may ignore."""
    for play in tree.plays:
        if play.imported.endswith((".yml", ".yaml")) and not _is_there(tree, play.file, play.imported):
            yield Missing(play.imported, play.place)
        for index, name in enumerate(listed(play.keys.get("vars_files"))):
            if isinstance(name, str) and not _is_there(tree, play.file, name):
                yield Missing(name, play.document.place(play.index, "vars_files", index))
    for task in tree.tasks:
        if task.module in ("include_role", "import_role"):
            yield from _missing_parts(tree, task)
        part = _INCLUDES.get(task.module)
        if part:
            name = _included(task)
            if name and not _PRIVATE.search(name) and found(tree, task, part, name) is False:
                yield Missing(name, task.at_key(task.key))


def _missing_parts(tree: AnsibleTree, task: Task) -> Iterator[Missing]:
    """Files of a role of the repository that a task takes instead of `main`."""
    given = task.arguments()
    name = given.get("name")
    role = tree.roles.get(name) if isinstance(name, str) else None
    for part in _PARTS if role and not tree.content.is_hidden(role.folder) else ():
        file = given.get(f"{part}_from")
        if role and isinstance(file, str) and "{{" not in file and not _has(tree, role.part(part), file):
            yield Missing(f"{role.part(part)}/{file}", task.at_argument(f"{part}_from"))


def _has(tree: AnsibleTree, folder: str, file: str) -> bool:
    content = tree.content
    return content.exists(joined(folder, file)) or bool(content.named(folder, file)) or is_ignored(content, file)


def _included(task: Task) -> str:
    if any(key == "loop" or key.startswith("with_") for key in task.keys):
        return ""
    name = task.free_text()
    # `key=value` arguments after the name, or nothing but those.
    return "" if re.match(r"\w+=", name) else name.partition(" ")[0]


def _is_there(tree: AnsibleTree, file: str, name: str) -> bool:
    """Whether a file beside a playbook exists, or may."""
    if "{{" in name or "{%" in name or _PRIVATE.search(name):
        return True
    content = tree.content
    paths = [joined(dirname(file), name), joined(dirname(file), f"vars/{name}"), joined(tree.root, name)]
    return any(is_outside(path) or content.exists(path) or content.is_hidden(path) for path in paths) or is_ignored(
        content, name
    )


def missing_roles(tree: AnsibleTree) -> Iterator[RoleUse]:
    """Roles that nothing brings: not the repository, not galaxy, not a collection, no folder elsewhere."""
    for use in tree.foreign_uses:
        is_brought = use.is_dynamic or use.in_collections or _is_brought(tree, use)
        # Where others may lie elsewhere, only a slip of a finger is certain.
        if not is_brought and (not tree.has_roles_elsewhere or nearly(use.name, tree.roles)):
            yield use


def absent_submodule(tree: AnsibleTree, use: RoleUse) -> str:
    """The submodule that a role comes from, nothing where it comes from none."""
    return next((path for path in tree.submodules if basename(path) == use.short or use.short in path.split("/")), "")


def _is_brought(tree: AnsibleTree, use: RoleUse) -> bool:
    name = use.name
    if _COLLECTION.fullmatch(name) or name in tree.brought or use.short in tree.brought or "$" in name:
        return True
    # Such as `geerlingguy.docker`: of galaxy, installed by hand.
    return (
        "." in use.short
        or _is_in_link(tree, use)
        or _is_ignored(tree, use)
        or bool(absent_submodule(tree, use))
        or is_outside(name)
    )


def _is_ignored(tree: AnsibleTree, use: RoleUse) -> bool:
    rules = (rule.rpartition("/")[2] for rule in tree.content.ignored if "role" in rule or "galaxy" in rule)
    return any(fnmatchcase(use.short, rule) for rule in rules if rule.strip("*"))


def _is_in_link(tree: AnsibleTree, use: RoleUse) -> bool:
    """Whether a link or submodule lies where it would be looked for."""
    content = tree.content
    beside = dirname(use.file)
    folders = {joined(beside, "roles"), joined(tree.root, "roles"), *tree.configuration.paths("roles_path")}
    paths = [joined(beside, use.name), *(joined(folder, use.name) for folder in folders)]
    return any(content.exists(path) or content.is_hidden(path) for path in paths)
