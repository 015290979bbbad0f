"""An Ansible tree of a repository, with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import basename, dirname
from typing import Any

from stems.model.finding import Place
from stems.readers.document import Document
from stems.tools.ansible.repository.configuration import Configuration
from stems.tools.ansible.repository.content import Content, is_below, is_outside, joined
from stems.tools.ansible.repository.galaxy import NAMES, Requirement, names_of, requirements_in, submodules
from stems.tools.ansible.repository.inventories import inventories_of, is_made_elsewhere
from stems.tools.ansible.repository.inventory import Inventory
from stems.tools.ansible.repository.plays import Play, plays_in
from stems.tools.ansible.repository.roles import Role, RoleUse, folder_of, is_a_role, needed_by, roles_in
from stems.tools.ansible.repository.tasks import Task, is_surely_a_task, tasks_in
from stems.tools.ansible.repository.variables import VariableFile, variable_files

_YAML = (".yml", ".yaml")


@dataclass(frozen=True)
class AnsibleTree:
    """What Ansible takes together: `root` is the folder where its `ansible.cfg`, playbooks and roles lie.

    `paths` are its files that count, `configuration` the `ansible.cfg` that Ansible would read there. A tree that
    `config/cluster.yml` declares `is_declared`; `nodes` are then the names of nodes and groups that it gives.
    `inventory` is the one that it names.
    """

    root: str
    content: Content = field(repr=False, compare=False)
    paths: tuple[str, ...] = field(repr=False)
    configuration: Configuration = Configuration()  # noqa: RUF009  # empty, and nobody can add to it
    is_declared: bool = False
    inventory: str = ""
    nodes: frozenset[str] = frozenset()

    @cached_property
    def inventories(self) -> tuple[Inventory, ...]:
        return inventories_of(self.content, self.root, self.configuration, self.inventory)

    @cached_property
    def has_all_inventories(self) -> bool:
        """Whether every name of a node or group that there can be is known."""
        return (
            bool(self.inventories)
            and all(inventory.is_complete for inventory in self.inventories)
            and not is_made_elsewhere(self.content, self.root)
            and not self.content.is_steered("ANSIBLE_INVENTORY")
            and not any(task.module in ("add_host", "group_by") for task in self.tasks)
        )

    @cached_property
    def yaml(self) -> tuple[str, ...]:
        return tuple(path for path in self.paths if path.endswith(_YAML))

    @cached_property
    def plays(self) -> tuple[Play, ...]:
        return tuple(play for path in self.yaml for play in plays_in(self.content, path))

    @cached_property
    def playbooks(self) -> frozenset[str]:
        return frozenset(play.file for play in self.plays)

    @cached_property
    def play_folders(self) -> tuple[str, ...]:
        """Where Ansible looks for what a play names."""
        return tuple(sorted({dirname(path) for path in self.playbooks}))

    @cached_property
    def roles(self) -> dict[str, Role]:
        """The roles of the repository that lie below it, by their name, also those of other people."""
        found = roles_in(self.root, (path for path in self.content.under(self.root)))
        if is_a_role(self.content, self.root) and self.root not in map(dirname, self.playbooks):
            found.setdefault("", Role("", self.root))
        return found

    @cached_property
    def own_roles(self) -> tuple[Role, ...]:
        """Without those of a tree inside of it, that lie aside, or came from galaxy with everything around them."""
        content = self.content
        inside = tuple(role for role in self.roles.values() if not role.folder or self._has(role.folder))
        return tuple(role for role in inside if not self._is_foreign(role.folder, content))

    def _has(self, folder: str) -> bool:
        """Whether a file below a folder is one of this tree, and not of a nearer one."""
        return any(path.startswith(f"{folder}/") for path in self.paths)

    @cached_property
    def foreign_folders(self) -> frozenset[str]:
        """The folders of the other roles."""
        return frozenset(role.folder for role in self.roles.values()).difference(role.folder for role in self.own_roles)

    def _is_foreign(self, folder: str, content: Content) -> bool:
        return joined(folder, "meta/.galaxy_install_info") in content or any(
            path in content.aside for path in content.files_in(joined(folder, "tasks"))[:1]
        )

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        files = (path for path in self.paths if basename(path) in NAMES)
        return tuple(entry for path in files for entry in requirements_in(self.content, path))

    @cached_property
    def brought(self) -> frozenset[str]:
        """The names under which galaxy's roles are known."""
        return names_of(entry for entry in self.requirements if entry.kind == "role")

    @cached_property
    def submodules(self) -> tuple[str, ...]:
        return submodules(self.content)

    @cached_property
    def variable_files(self) -> tuple[VariableFile, ...]:
        return tuple(variable_files(self.paths))

    def variables_written(self) -> Iterator[tuple[str, object, Place]]:
        """Variables of nodes, groups and plays as they are written, without those that are encrypted."""
        for inventory in self.inventories:
            for name, variable in inventory.variables():
                yield name, variable.value, variable.place
        for file in self.variable_files:
            document = self.content.document(file.path)
            for name in document.value if document and isinstance(document.value, dict) else ():
                if document and document.tag(name) != "!vault":
                    yield name, _value(document, name), document.key_place(name)
        for play in self.plays:
            given: Any = play.keys.get("vars")
            for name in given if isinstance(given, dict) else ():
                if play.document.tag(play.index, "vars", name) != "!vault":
                    yield name, given[name], play.at_key("vars", name)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """Every task and handler that is written, whether something leads to it or not."""
        return tuple(self._tasks())

    def _tasks(self) -> Iterator[Task]:
        for play in self.plays:
            yield from play.tasks()
        for path in self.task_files:
            folder = self.role_of(path)
            document = self.content.document(path)
            if document is None or folder in self.foreign_folders:
                continue
            is_handler = "handlers" in dirname(path)[len(folder or "") :].split("/")
            yield from tasks_in(document, (), path, folder, is_handler=is_handler)

    @cached_property
    def task_files(self) -> tuple[str, ...]:
        """Files that are lists of tasks: by their place, or because something includes them by name."""
        included = {path for play in self.plays for task in play.tasks() for path in self._included(task)}
        return tuple(path for path in self.yaml if path not in self.playbooks and self._holds_tasks(path, included))

    def _holds_tasks(self, path: str, included: set[str]) -> bool:
        steps = dirname(path[len(self.root) :].lstrip("/")).split("/")
        if path not in included and not {"tasks", "handlers"} & set(steps):
            return False
        document = self.content.document(path)
        if document is None or not isinstance(document.value, list):
            return False
        if not all(isinstance(item, dict) and "hosts" not in item for item in document.value):
            return False
        # Other programs have folders called `tasks`, too.
        return path in included or self.role_of(path) is not None or all(map(is_surely_a_task, document.value))

    def _included(self, task: Task) -> Iterator[str]:
        if task.module in ("include_tasks", "import_tasks", "include"):
            name = task.free_text().partition(" ")[0]
            if name and "{{" not in name:
                yield joined(dirname(task.file), name)

    def role_of(self, path: str) -> str | None:
        """The folder of the role that a file is in."""
        folder = folder_of(path)
        if folder is None and "" in self.roles and is_below(path, self.root):
            return self.root
        return folder

    @cached_property
    def uses(self) -> tuple[RoleUse, ...]:
        """Every place that names a role."""
        return tuple(self._uses())

    def _uses(self) -> Iterator[RoleUse]:
        for play in self.plays:
            yield from play.roles()
        for task in self.tasks:
            if task.module in ("include_role", "import_role"):
                name = task.arguments().get("name")
                if isinstance(name, str) and name:
                    in_collections = bool(task.says("collections"))
                    yield RoleUse(name, task.at_argument("name"), task.file, task.arguments(), in_collections)
        for role in self.own_roles:
            yield from needed_by(self.content, role)

    def role(self, use: RoleUse) -> Role | None:
        """The role of the repository that is meant."""
        if use.name in self.roles:
            return self.roles[use.name]
        # A path, or a role that another folder of roles has below its own.
        return next((role for name, role in self.roles.items() if name.rpartition("/")[2] == use.short and name), None)

    @cached_property
    def has_roles_elsewhere(self) -> bool:
        """Whether Ansible is told to look for roles outside of the repository, or Git to ignore all of a folder."""
        paths = self.configuration.paths("roles_path")
        return (
            any(is_outside(path) or not self.content.is_folder(path) for path in paths)
            or any(rule.endswith(("roles", "roles/*", "roles/**")) for rule in self.content.ignored)
            or self.content.is_hidden(joined(self.root, "roles"))
            or self.content.is_steered("ANSIBLE_ROLES_PATH")
        )

    @cached_property
    def foreign_uses(self) -> tuple[RoleUse, ...]:
        """Roles that are used and are not in the repository: what they define and notify is not known."""
        return tuple(use for use in self.uses if use.is_dynamic or self.role(use) is None)


def _value(document: Document, name: str) -> object:
    value: Any = document.value
    return value[name]


def given_names(tree: AnsibleTree) -> frozenset[str]:
    """Names of nodes and groups of any inventory of a tree."""
    return tree.nodes.union(*(inventory.names for inventory in tree.inventories))
