"""Roles: folders with tasks, handlers, variables, files and templates, and what others they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from posixpath import basename
from typing import Any

from stems.model.finding import Place
from stems.tools.ansible.repository.content import Content, is_below, joined
from stems.tools.ansible.repository.tasks import listed

PARTS = ("tasks", "handlers", "defaults", "vars", "meta", "templates", "files")


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the repository; one that is the whole repository has no name."""

    name: str
    folder: str

    def part(self, name: str) -> str:
        return joined(self.folder, name)


@dataclass(frozen=True, slots=True)
class RoleUse:
    """Where a role is named: in a play, a task, or as what another role needs. `file` is where that is written."""

    name: str
    place: Place
    file: str
    given: dict[str, Any]
    in_collections: bool = False
    """Whether `collections:` may bring it."""

    @property
    def is_dynamic(self) -> bool:
        return "{{" in self.name

    @property
    def short(self) -> str:
        return basename(self.name.rstrip("/"))


def roles_in(root: str, paths: Iterable[str]) -> dict[str, Role]:
    """The roles of an Ansible tree by their name; of two with one name the first counts."""
    found: dict[str, Role] = {}
    for path in paths:
        folder = folder_of(path)
        if folder is not None and is_below(folder, root):
            name = _name(folder)
            found.setdefault(name, Role(name, folder))
    return found


def folder_of(path: str) -> str | None:
    """The folder of the role that a file is a part of, None for a file of none.

    Only the place counts: `roles/NAME/tasks/…`, also deeper than `roles/NAME`.
    """
    steps = path.split("/")
    if "roles" not in steps[:-2]:
        return None
    start = len(steps) - 1 - steps[::-1].index("roles")
    for index in range(start + 2, len(steps) - 1):
        if steps[index] in PARTS:
            return "/".join(steps[:index])
    return None


def is_a_role(content: Content, folder: str) -> bool:
    """Whether a folder that lies nowhere special is one, such as a repository that holds a single role."""
    has = [part for part in PARTS[:5] if content.named(joined(folder, part), "main")]
    return "tasks" in has and len(has) > 1


def _name(folder: str) -> str:
    steps = folder.split("/")
    start = len(steps) - 1 - steps[::-1].index("roles")
    return "/".join(steps[start + 1 :])


def needed_by(content: Content, role: Role) -> Iterator[RoleUse]:
    """What `meta/main.yml` names as dependencies."""
    path = content.named(role.part("meta"), "main")
    document = content.document(path) if path else None
    value = document.value if document else None
    if document is None or not isinstance(value, dict):
        return
    in_collections = bool(value.get("collections"))
    for index, entry in enumerate(listed(value.get("dependencies"))):
        place = document.place("dependencies", index)
        yield from use_of(entry, place, path, in_collections=in_collections)


def use_of(entry: object, place: Place, file: str, *, in_collections: bool = False) -> Iterator[RoleUse]:
    """What one entry of `roles:` or of dependencies names."""
    if isinstance(entry, str) and entry:
        yield RoleUse(entry.partition(",")[0].strip(), place, file, {}, in_collections)
    elif isinstance(entry, dict):
        # `src` is where galaxy takes it from, and its last part the name.
        name = entry.get("role") or entry.get("name") or _from_source(entry.get("src"))
        if isinstance(name, str) and name:
            yield RoleUse(name.partition(",")[0].strip(), place, file, entry, in_collections or "src" in entry)


def _from_source(source: object) -> str:
    text = str(source or "").partition(",")[0].removeprefix("git+")
    return basename(text).removesuffix(".git").removesuffix(".tar.gz")
