"""What each play of an Ansible tree runs, and the handlers that it has: its own and those of the roles that it uses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, splitext

from stems.tools.ansible.repository.content import joined
from stems.tools.ansible.repository.plays import Play
from stems.tools.ansible.repository.roles import Role, RoleUse, needed_by
from stems.tools.ansible.repository.tasks import Keys, Task, listed
from stems.tools.ansible.repository.tree import AnsibleTree

INCLUDES = frozenset({"include_tasks", "import_tasks", "include"})
_ROLES = frozenset({"include_role", "import_role"})
_YAML = (".yml", ".yaml")
_Files = Mapping[str, list[Task]]


@dataclass(slots=True)
class Handlers:
    """The names that handlers answer to, and what stands before the variable of those that have one.

    Not `is_complete` where a role that is not here, or a name with a variable, may bring more.
    """

    names: set[str] = field(default_factory=set)
    starts: set[str] = field(default_factory=set)
    is_complete: bool = True

    def add(self, keys: Keys) -> None:
        for name in (keys.get("name"), *listed(keys.get("listen"))):
            if isinstance(name, str) and "{{" in name:
                # What stands before a variable is enough: shapes of others may take for ever.
                self.starts.add(re.split(r"\{\{", name)[0])
            elif isinstance(name, str):
                self.names.add(name)

    def answers(self, name: str) -> bool:
        name = name.rpartition(" : ")[2]
        return name in self.names or any(name.startswith(start) for start in self.starts)


@dataclass(slots=True)
class PlayRun:
    """One play with the tasks that it leads to. Those of a file that a variable names are not among them.

    `may_use_more` says that there is such a file, which may bring a role of the repository with its handlers.
    """

    play: Play
    tasks: list[Task] = field(default_factory=list)
    handlers: Handlers = field(default_factory=Handlers)
    may_use_more: bool = False


def play_runs(tree: AnsibleTree) -> Iterator[PlayRun]:
    by_file = tasks_by_file(tree.tasks)
    for play in tree.plays:
        if not play.imported:
            yield _Walk(tree, by_file, PlayRun(play)).done()


def tasks_by_file(tasks: Iterable[Task]) -> _Files:
    by_file: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        by_file[task.file].append(task)
    return by_file


def foreign_handlers(tree: AnsibleTree) -> Iterator[Keys]:
    """Those of roles that other people wrote and that lie here."""
    for folder in sorted(tree.foreign_folders):
        for path in tree.content.under(f"{folder}/handlers"):
            document = tree.content.document(path) if path.endswith(_YAML) else None
            yield from (item for item in listed(document.value if document else None) if isinstance(item, dict))


@dataclass(slots=True)
class _Walk:
    """Each file is looked at once, first as tasks and then as handlers."""

    tree: AnsibleTree
    by_file: _Files
    run: PlayRun
    seen: set[str] = field(default_factory=set)
    todo: list[Task] = field(default_factory=list)

    def done(self) -> PlayRun:
        play = self.run.play
        self.todo += [task for task in self.by_file.get(play.file, ()) if task.at[0] == play.index]
        for use in play.roles():
            self._use(use)
        while self.todo:
            self._task(self.todo.pop())
        return self.run

    def _task(self, task: Task) -> None:
        self.run.tasks.append(task)
        if task.is_handler:
            self.run.handlers.add(task.keys)
        if task.module in INCLUDES:
            self._include(task)
        elif task.module in _ROLES:
            given = task.arguments()
            self._use(RoleUse(str(given.get("name")), task.place, task.file, given))

    def _use(self, use: RoleUse) -> None:
        role = None if use.is_dynamic else self.tree.role(use)
        if role is None or role.folder in self.tree.foreign_folders:
            self.run.handlers.is_complete = False
            return
        name = splitext(str(use.given.get("tasks_from", "main")))[0]
        self._file(self.tree.content.named(role.part("tasks"), name))
        if f"{role.folder}/" not in self.seen:
            self.seen.add(f"{role.folder}/")
            self._role(role)

    def _role(self, role: Role) -> None:
        for path in self.tree.content.under(role.part("handlers")):
            self._file(path)
        for use in needed_by(self.tree.content, role):
            self._use(use)

    def _include(self, task: Task) -> None:
        name = task.free_text().partition(" ")[0]
        in_role = joined(joined(task.role, "tasks"), name) if task.role is not None else ""
        paths = (joined(dirname(task.file), name), in_role)
        found = "" if "{{" in name else next((path for path in paths if path in self.tree.content), "")
        if task.is_handler:
            self._included_handlers(found)
        elif not found:
            self.run.may_use_more = True
        else:
            self._file(found)

    def _included_handlers(self, path: str) -> None:
        if path not in self.by_file:
            self.run.handlers.is_complete = False
        for task in self.by_file.get(path, ()):
            self.run.handlers.add(task.keys)

    def _file(self, path: str) -> None:
        if path not in self.seen:
            self.seen.add(path)
            self.todo += self.by_file.get(path, ())
