"""An Ansible tree as text: the plays of a playbook and the tasks they reach, each with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stems.errors import ConfigurationError
from stems.model.finding import Finding, Place, Severity
from stems.readers.document import Document
from stems.readers.yaml import read_all_yaml
from stems.tools.ansible.keys import INCLUDES, ROLE_INCLUDES, first, included_by, included_name
from stems.tools.ansible.requirements import GALAXY
from stems.tools.ansible.scope import OPAQUE, Scope, literal, role_params

UNREADABLE = "STM401"
MISSING = "STM402"
UNSEEN = "STM403"

SECTIONS = ("pre_tasks", "tasks", "post_tasks", "handlers")
BLOCKS = ("block", "rescue", "always")
ENDINGS = (".yml", ".yaml", ".json", "")
_MOST_TIMES = 100


@dataclass(frozen=True, slots=True)
class Task:
    """One task or block as written, what surrounds it, and where it is."""

    keys: Mapping[str, Any]
    place: Place
    scope: Scope


@dataclass(frozen=True, slots=True)
class Play:
    """One play as written; `within` are the imports that lead to it."""

    keys: Mapping[str, Any]
    place: Place
    file: Path
    document: Document
    index: int
    within: tuple[Mapping[str, Any], ...] = ()

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
    _under_way: list[Path] = field(default_factory=list)
    _times: Counter[Path] = field(default_factory=Counter)

    def plays(self, playbook: str) -> Iterator[Play]:
        yield from self._plays_in(self.source / playbook, Place(self._name(self.source / playbook)), frozenset(), ())

    def tasks_of(self, play: Play) -> Iterator[Task]:
        scope = Scope(play=self._play_variables(play), within=(*play.within, play.keys))
        seen: set[object] = set()
        self._times.clear()
        for section in SECTIONS:
            around = scope.perhaps() if section == "handlers" else scope
            yield from self._tasks(play.document, (play.index, section), play.file, around, seen)
        for position, entry in enumerate(_list(play.keys.get("roles"))):
            yield from self._role_entry(entry, play.document.place(play.index, "roles", position), scope, seen)

    def _plays_in(
        self, file: Path, named_at: Place, above: frozenset[Path], within: tuple[Mapping[str, Any], ...]
    ) -> Iterator[Play]:
        document = self._document(file, named_at)
        if document is None or file in above:
            return
        for index, item in enumerate(_list(document.value)):
            if not isinstance(item, dict):
                continue
            imported = first(item, ("import_playbook",))
            if imported:
                place = document.place(index)
                yield from self._plays_in(file.parent / str(imported), place, above | {file}, (*within, item))
            elif "hosts" in item:
                yield Play(item, document.place(index), file, document, index, within)

    def _play_variables(self, play: Play) -> dict[str, object]:
        found = literal(play.keys.get("vars"))
        for keys in play.within:
            found |= literal(keys.get("vars"))
        for name in _list(play.keys.get("vars_files")):
            path = play.file.parent / str(name)
            is_known = isinstance(name, str) and "{{" not in name and path.is_file()
            found |= self._file_variables(path, play.place) if is_known else {OPAQUE: None}
        return found

    def _tasks(
        self, document: Document, at: tuple[str | int, ...], file: Path, scope: Scope, seen: set[object]
    ) -> Iterator[Task]:
        found: object = document.value
        for key in at:
            found = found.get(key) if isinstance(found, dict) else _list(found)[key] if isinstance(key, int) else None
        for index, item in enumerate(_list(found)):
            if not isinstance(item, dict) or "hosts" in item:
                # A play in a file that only may be meant.
                continue
            task = Task(item, document.place(*at, index), scope.of(item))
            yield task
            for block in BLOCKS:
                inner = task.scope.inside(item, is_certain=block != "rescue")
                yield from self._tasks(document, (*at, index, block), file, inner, seen)
            yield from self._included(task, file, seen)

    def _included(self, task: Task, file: Path, seen: set[object]) -> Iterator[Task]:
        name = included_name(task.keys, INCLUDES, ("file", "_raw_params"))
        role = included_name(task.keys, ROLE_INCLUDES, ("name",))
        if not name and not role:
            return
        given = included_by(task.keys)
        scope = task.scope.inside(task.keys).inside(literal(given.get("apply"))).given(literal(task.keys.get("vars")))
        if "{{" in name:
            self._find(
                UNSEEN,
                task.place,
                f"{name}: only Ansible knows which file is meant; all that lie there are checked",
                "write its name out, or keep only files there that may be meant",
            )
            known = name.partition("{{")[0].rpartition("/")[0]
            for path in sorted((file.parent / known).rglob("*.y*ml")):
                yield from self._file(path, task.place, scope.perhaps(), seen)
        elif name:
            yield from self._file(self._found(name, file), task.place, scope, seen)
        if role:
            yield from self._role(role, task.place, scope, seen, given)

    def _found(self, name: str, file: Path) -> Path:
        """Where Ansible finds a file of tasks: in the same part of the role, beside the file, beside the playbook."""
        role = next((above for above in file.parents if above.parent.parent == self.source / "roles"), None)
        places = (*((role,) if role else ()), file.parent, self.source)
        return next((path for place in places if (path := place / name).is_file()), file.parent / name)

    def _file(self, path: Path, named_at: Place, scope: Scope, seen: set[object]) -> Iterator[Task]:
        mark = (path, scope.mark)
        if path in self._under_way or mark in seen or (path in seen and not scope.is_reached):
            return
        seen |= {path, mark}
        self._times[path] += 1
        if self._times[path] > _MOST_TIMES:
            message = f"{self._name(path)} is included more than {_MOST_TIMES} times; the rest is not looked at"
            self._find(UNSEEN, named_at, message, "include it once, with a loop inside of it")
            return
        document = self._document(path, named_at)
        if document is not None:
            self._under_way.append(path)
            yield from self._tasks(document, (), path, scope, seen)
            self._under_way.remove(path)

    def _role_entry(self, entry: object, place: Place, scope: Scope, seen: set[object]) -> Iterator[Task]:
        """A role as `roles` of a play or dependencies of another role name it."""
        keys = entry if isinstance(entry, dict) else {}
        name = str(keys.get("role", keys.get("name")) if keys else entry)
        if keys:
            # It is no task, whatever its parameters are called.
            yield Task(keys, place, scope.unreached())
            scope = scope.of(keys).inside(keys).given(role_params(keys))
        yield from self._role(name, place, scope, seen, keys)

    def _role(
        self, name: str, named_at: Place, scope: Scope, seen: set[object], given: Mapping[str, Any]
    ) -> Iterator[Task]:
        folder = next((path for roles in self._roles if (path := roles / name).is_dir()), self._roles[0] / name)
        where = self._name(self.source / "roles")
        if "{{" in name:
            self._find(
                UNSEEN,
                named_at,
                f"{name}: only Ansible knows which role is meant, so all in {where} are checked",
                "write its name out",
            )
            for path in sorted(path for roles in self._roles for path in roles.glob("*/")):
                yield from self._role(path.name, named_at, scope.perhaps(), seen, given)
        elif not folder.is_dir():
            message = f"the role {name} is not in {where}, so that nothing of it is checked"
            self._find(UNSEEN, named_at, message, f"add it to {where}, or name it in requirements.yml")
        elif folder not in self._under_way:
            defaults = self._variables(folder, "defaults", named_at, given)
            inner = scope.in_role(defaults, self._variables(folder, "vars", named_at, given))
            self._under_way.append(folder)
            yield from self._role_tasks(folder, named_at, inner, seen, given)
            yield from self._dependencies(folder, named_at, inner, seen)
            self._under_way.remove(folder)

    def _role_tasks(
        self, folder: Path, named_at: Place, scope: Scope, seen: set[object], given: Mapping[str, Any]
    ) -> Iterator[Task]:
        for part, inner in (("tasks", scope), ("handlers", scope.perhaps())):
            entry = _main(folder / part, str(given.get(f"{part}_from") or "main"))
            if entry:
                yield from self._file(entry, named_at, inner, seen)
            # What nothing includes is judged as well, because Ansible may be told to.
            for path in sorted((folder / part).rglob("*.y*ml")):
                yield from self._file(path, named_at, inner.unreached(), seen)

    def _dependencies(self, folder: Path, named_at: Place, scope: Scope, seen: set[object]) -> Iterator[Task]:
        for path in sorted((folder / "meta").glob("main.y*ml")):
            meta = self._document(path, named_at)
            needed = meta.value.get("dependencies") if meta and isinstance(meta.value, dict) else None
            for position, entry in enumerate(_list(needed)):
                if meta:
                    yield from self._role_entry(entry, meta.place("dependencies", position), scope, seen)

    def _variables(self, folder: Path, part: str, named_at: Place, given: Mapping[str, Any]) -> dict[str, object]:
        path = _main(folder / part, str(given.get(f"{part}_from") or "main"))
        if path:
            return self._file_variables(path, named_at)
        folders = sorted((folder / part / "main").rglob("*.y*ml"))
        return {key: value for each in folders for key, value in self._file_variables(each, named_at).items()}

    def _file_variables(self, path: Path, named_at: Place) -> dict[str, object]:
        document = self._document(path, named_at)
        value = document.value if document else None
        # An encrypted file is one text.
        return literal(value) if value is None or isinstance(value, dict) else {OPAQUE: None}

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

    def _find(self, code: str, place: Place, message: str, remedy: str = "") -> None:
        severity = Severity.WARNING if code == UNSEEN else Severity.ERROR
        finding = Finding(code, place, message, remedy or f"correct {place.path}", severity)
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


def _split(problem: str, name: str) -> tuple[Place, str]:
    """The place that a reader's message starts with, and the rest of it."""
    match = re.fullmatch(rf"{re.escape(name)}(?::(\d+))?(?::(\d+))?: (.*)", problem, re.DOTALL)
    return (Place(name, int(match[1] or 0), int(match[2] or 0)), match[3]) if match else (Place(name), problem)


def _main(folder: Path, name: str) -> Path | None:
    return next((path for ending in ENDINGS if (path := folder / f"{name}{ending}").is_file()), None)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
