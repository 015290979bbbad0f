"""An Ansible tree as text: the plays of a playbook and the tasks they reach, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place, Severity
from stems.readers.document import Document
from stems.readers.yaml import read_all_yaml
from stems.tools.ansible.requirements import GALAXY

UNREADABLE = "STM401"
MISSING = "STM402"
UNSEEN = "STM403"

SECTIONS = ("pre_tasks", "tasks", "post_tasks", "handlers")
BLOCKS = ("block", "rescue", "always")
_INCLUDES = ("import_tasks", "include_tasks")
_ROLE_INCLUDES = ("import_role", "include_role")
_ROLE_FOLDERS = ("tasks", "handlers")


@dataclass(frozen=True, slots=True)
class Task:
    """One task or block as written, the variables that are literal around it, and where it is."""

    keys: Mapping[str, Any]
    place: Place
    variables: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Play:
    """One play as written."""

    keys: Mapping[str, Any]
    place: Place
    file: Path
    document: Document
    index: int

    @property
    def patterns(self) -> str:
        hosts = self.keys.get("hosts", "")
        return ",".join(map(str, hosts)) if isinstance(hosts, list) else str(hosts)


@dataclass(slots=True)
class Tree:
    """Reads each file once. `findings` grow while plays and tasks are read.

    `roles` are folders beside the source's own with more roles, as `requirements.yml` brings them.
    """

    root: Path
    source: Path
    roles: tuple[Path, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    _documents: dict[Path, Document | None] = field(default_factory=dict)

    def plays(self, playbook: str) -> Iterator[Play]:
        yield from self._plays_in(self.source / playbook, Place(self._name(self.source / playbook)), frozenset())

    def tasks_of(self, play: Play) -> Iterator[Task]:
        variables = _literal(play.keys.get("vars"))
        seen: set[Path] = set()
        for section in SECTIONS:
            yield from self._tasks(play.document, (play.index, section), play.file, variables, seen)
        for position, role in enumerate(_list(play.keys.get("roles"))):
            place = play.document.place(play.index, "roles", position)
            if isinstance(role, dict):
                yield Task(role, place, variables)
            name = role.get("role", role.get("name")) if isinstance(role, dict) else role
            yield from self._role(str(name), place, variables, seen)

    def _plays_in(self, file: Path, named_at: Place, above: frozenset[Path]) -> Iterator[Play]:
        document = self._document(file, named_at)
        if document is None or file in above:
            return
        for index, item in enumerate(_list(document.value)):
            if not isinstance(item, dict):
                continue
            imported = _first(item, ("import_playbook",))
            if imported:
                place = document.place(index)
                yield from self._plays_in(file.parent / str(imported), place, above | {file})
            elif "hosts" in item:
                yield Play(item, document.place(index), file, document, index)

    def _tasks(
        self,
        document: Document,
        at: tuple[str | int, ...],
        file: Path,
        variables: Mapping[str, object],
        seen: set[Path],
    ) -> Iterator[Task]:
        found: object = document.value
        for key in at:
            found = found.get(key) if isinstance(found, dict) else _list(found)[key] if isinstance(key, int) else None
        for index, item in enumerate(_list(found)):
            if not isinstance(item, dict) or "hosts" in item:
                # A play in a file that only may be meant.
                continue
            inner = {**variables, **_literal(item.get("vars"))}
            task = Task(item, document.place(*at, index), inner)
            yield task
            for block in BLOCKS:
                yield from self._tasks(document, (*at, index, block), file, inner, seen)
            yield from self._included(task, file, seen)

    def _included(self, task: Task, file: Path, seen: set[Path]) -> Iterator[Task]:
        name = _included_name(task.keys, _INCLUDES, ("file", "_raw_params"))
        if "{{" in name:
            self._find(
                UNSEEN, task.place, f"{name}: only Ansible knows which file is meant; all that lie there are checked"
            )
            known = name.partition("{{")[0].rpartition("/")[0]
            for path in sorted((file.parent / known).rglob("*.y*ml")):
                yield from self._file(path, task.place, task.variables, seen)
        elif name:
            yield from self._file(self._found(name, file), task.place, task.variables, seen)
        role = _included_name(task.keys, _ROLE_INCLUDES, ("name",))
        if role:
            yield from self._role(role, task.place, task.variables, seen)

    def _found(self, name: str, file: Path) -> Path:
        """Where Ansible finds a file of tasks: in the same part of the role, beside the file, beside the playbook."""
        role = next((above for above in file.parents if above.parent.parent == self.source / "roles"), None)
        places = (*((role,) if role else ()), file.parent, self.source)
        return next((path for place in places if (path := place / name).is_file()), file.parent / name)

    def _file(self, path: Path, named_at: Place, variables: Mapping[str, object], seen: set[Path]) -> Iterator[Task]:
        document = None if path in seen else self._document(path, named_at)
        seen.add(path)
        if document is not None:
            yield from self._tasks(document, (), path, variables, seen)

    def _role(self, name: str, named_at: Place, variables: Mapping[str, object], seen: set[Path]) -> Iterator[Task]:
        folder = next((path for roles in self._roles if (path := roles / name).is_dir()), self._roles[0] / name)
        where = self._name(self.source / "roles")
        if "{{" in name:
            self._find(
                UNSEEN, named_at, f"{name}: only Ansible knows which role is meant, so all in {where} are checked"
            )
            for path in sorted(path for roles in self._roles for path in roles.glob("*/")):
                yield from self._role(path.name, named_at, variables, seen)
            return
        if not folder.is_dir():
            self._find(UNSEEN, named_at, f"the role {name} is not in {where}, so that nothing of it is checked")
            return
        given = {
            **self._variables(folder, "defaults", named_at),
            **variables,
            **self._variables(folder, "vars", named_at),
        }
        for part in _ROLE_FOLDERS:
            for path in sorted((folder / part).rglob("*.y*ml")):
                yield from self._file(path, named_at, given, seen)
        for path in sorted((folder / "meta").glob("main.y*ml")):
            meta = self._document(path, named_at)
            needed = meta.value.get("dependencies") if meta and isinstance(meta.value, dict) else None
            for position, entry in enumerate(_list(needed)):
                if meta and isinstance(entry, dict):
                    yield Task(entry, meta.place("dependencies", position), given)
                dependency = entry.get("role", entry.get("name")) if isinstance(entry, dict) else entry
                if (marker := folder / "meta" / str(dependency)) not in seen:
                    seen.add(marker)
                    yield from self._role(str(dependency), named_at, given, seen)

    def _variables(self, folder: Path, part: str, named_at: Place) -> dict[str, object]:
        path = folder / part / "main.yml"
        document = self._document(path, named_at) if path.is_file() else None
        return _literal(document.value) if document else {}

    def _document(self, path: Path, named_at: Place) -> Document | None:
        if path not in self._documents:
            self._documents[path] = self._read(path, named_at)
        return self._documents[path]

    def _read(self, path: Path, named_at: Place) -> Document | None:
        name = self._name(path)
        if not path.is_file():
            self._find(MISSING, named_at, f"{name} does not exist")
            return None
        try:
            documents = read_all_yaml(path.read_text(encoding="utf-8"), name)
        except ConfigurationError as error:
            place, problem = _split(error.problem, name)
            self._find(UNREADABLE, place, problem)
        except (OSError, UnicodeDecodeError):
            self._find(UNREADABLE, Place(name), "cannot be read as UTF-8 text")
        else:
            return documents[0] if documents else None
        return None

    def _find(self, code: str, place: Place, message: str) -> None:
        severity = Severity.WARNING if code == UNSEEN else Severity.ERROR
        finding = Finding(code, place, message, f"correct {place.path}", severity)
        if finding not in self.findings:
            self.findings.append(finding)

    @property
    def _roles(self) -> tuple[Path, ...]:
        return (self.source / "roles", *self.roles)

    def _name(self, path: Path) -> str:
        """As the repository names it; what `requirements.yml` brought has a name of its own."""
        for roles in self.roles:
            if path.is_relative_to(roles):
                return f"{GALAXY}roles/{path.relative_to(roles).as_posix()}"
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name


def included_by(keys: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments of an include or import of tasks or a role, as a mapping, wherever the task writes them."""
    named = _first(keys, (*_INCLUDES, *_ROLE_INCLUDES))
    return {**(named if isinstance(named, dict) else {}), **_literal(keys.get("args"))}


def module_of(keys: Mapping[str, Any], modules: frozenset[str]) -> tuple[str, Any]:
    """Which of `modules` a task names, shortly or in full, and its arguments."""
    return next(((short, keys[key]) for key in keys if (short := key.rpartition(".")[2]) in modules), ("", None))


def _split(problem: str, name: str) -> tuple[Place, str]:
    """The place that a reader's message starts with, and the rest of it."""
    match = re.fullmatch(rf"{re.escape(name)}(?::(\d+))?(?::(\d+))?: (.*)", problem, re.DOTALL)
    return (Place(name, int(match[1] or 0), int(match[2] or 0)), match[3]) if match else (Place(name), problem)


def _first(keys: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    full = (*names, *(f"ansible.builtin.{name}" for name in names))
    return next((keys[name] for name in full if keys.get(name)), None)


def _included_name(keys: Mapping[str, Any], includes: tuple[str, ...], arguments: tuple[str, ...]) -> str:
    if not any(name.rpartition(".")[2] in includes for name in keys):
        return ""
    named = _first(keys, includes)
    given = included_by(keys)
    return str(named) if isinstance(named, str) else str(next((given[key] for key in arguments if given.get(key)), ""))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _literal(value: object) -> dict[str, object]:
    return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else {}
