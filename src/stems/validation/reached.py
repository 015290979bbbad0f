"""Tasks that a play leads to, through roles and includes: only they ever run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname, splitext

from stems.tools.ansible.repository.content import joined
from stems.tools.ansible.repository.roles import RoleUse, needed_by
from stems.tools.ansible.repository.site import Site
from stems.tools.ansible.repository.tasks import Task, listed

_INCLUDES = frozenset({"include_tasks", "import_tasks", "include"})
_ROLES = frozenset({"include_role", "import_role"})


@dataclass(frozen=True, slots=True)
class Reached:
    """A task that runs, and whether it does so whatever a condition says."""

    task: Task
    is_certain: bool


def reached(site: Site) -> Iterator[Reached]:
    """The tasks of plays, of the roles that they name, and of what those include by a name that is written out."""
    by_file: dict[str, list[Task]] = defaultdict(list)
    for task in site.tasks:
        by_file[task.file].append(task)
    walk = _Walk(site, by_file)
    walk.go()
    for path, is_certain in walk.files.items():
        for task in by_file.get(path, ()):
            if not task.is_block and "never" not in _tags(task):
                yield Reached(task, is_certain and not _is_conditional(task))


@dataclass(slots=True)
class _Walk:
    """The files that are read so far, each with whether that is certain. Each is looked at twice at most."""

    site: Site
    by_file: dict[str, list[Task]]
    files: dict[str, bool] = field(default_factory=dict)
    todo: list[str] = field(default_factory=list)

    def go(self) -> None:
        uses: dict[str, list[RoleUse]] = defaultdict(list)
        for play in self.site.plays:
            uses[play.file] += play.roles()
        for role in self.site.own_roles:
            uses[self.site.content.named(role.part("meta"), "main")] += needed_by(self.site.content, role)
        for path in sorted(self.site.playbooks):
            self._add(path, is_certain=True)
        while self.todo:
            path = self.todo.pop()
            for use in uses.get(path, ()):
                self._role(use, is_certain=self.files[path] and "when" not in use.given)
            for task in self.by_file.get(path, ()):
                self._task(task, is_certain=self.files[path] and not _is_conditional(task))

    def _add(self, path: str, *, is_certain: bool) -> None:
        if path and (path not in self.files or (is_certain and not self.files[path])):
            self.files[path] = is_certain
            self.todo.append(path)

    def _task(self, task: Task, *, is_certain: bool) -> None:
        if task.module in _INCLUDES:
            self._include(task, is_certain=is_certain)
        elif task.module in _ROLES:
            given = task.arguments()
            self._role(RoleUse(str(given.get("name")), task.place, task.file, given), is_certain=is_certain)

    def _role(self, use: RoleUse, *, is_certain: bool) -> None:
        role = None if use.is_dynamic else self.site.role(use)
        if role is not None:
            content, name = self.site.content, str(use.given.get("tasks_from", "main"))
            self._add(content.named(role.part("tasks"), splitext(name)[0]), is_certain=is_certain)
            self._add(content.named(role.part("meta"), "main"), is_certain=is_certain)

    def _include(self, task: Task, *, is_certain: bool) -> None:
        name = task.free_text().partition(" ")[0]
        if not name or "{{" in name:
            return
        beside = joined(dirname(task.file), name)
        in_role = joined(joined(task.role, "tasks"), name) if task.role is not None else ""
        content = self.site.content
        self._add(next((path for path in (beside, in_role) if path in content), ""), is_certain=is_certain)


def _is_conditional(task: Task) -> bool:
    return any("when" in keys for keys in (task.keys, *task.above))


def _tags(task: Task) -> list[object]:
    return [tag for keys in (task.keys, *task.above) for tag in listed(keys.get("tags"))]
