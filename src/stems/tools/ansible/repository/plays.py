"""Plays of a playbook: which nodes, which roles, which tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stems.model.finding import Place
from stems.readers.document import Document
from stems.tools.ansible.repository.content import Content
from stems.tools.ansible.repository.keywords import SECTIONS
from stems.tools.ansible.repository.patterns import LOCAL, Pattern, parts_of
from stems.tools.ansible.repository.roles import RoleUse, use_of
from stems.tools.ansible.repository.tasks import Task, listed, tasks_in

_MAY_BE = re.compile(r"^[ \t]*(?:-[ \t]+)?(?:hosts|(?:ansible\.builtin\.)?import_playbook)[ \t]*:", re.MULTILINE)
_SIGNS = frozenset((*SECTIONS, "roles", "gather_facts", "become", "vars_files"))
_IMPORTS = ("import_playbook", "ansible.builtin.import_playbook")


@dataclass(frozen=True, slots=True)
class Play:
    """One play as it is written, or the import of a playbook."""

    keys: Mapping[str, Any]
    document: Document
    index: int
    file: str

    @property
    def place(self) -> Place:
        return self.document.place(self.index)

    def at_key(self, *keys: str | int) -> Place:
        return self.document.key_place(self.index, *keys)

    @property
    def imported(self) -> str:
        """The playbook that is imported, if one is."""
        return next((str(self.keys[key]) for key in _IMPORTS if self.keys.get(key)), "")

    @property
    def parts(self) -> tuple[Pattern, ...] | None:
        """What `hosts:` says, None where a variable says it."""
        return parts_of(self.keys.get("hosts"))

    @property
    def is_local(self) -> bool:
        return self.keys.get("connection") == "local" or all(part.text in LOCAL for part in self.parts or ())

    def roles(self) -> Iterator[RoleUse]:
        in_collections = bool(self.keys.get("collections"))
        for index, entry in enumerate(listed(self.keys.get("roles"))):
            place = self.document.place(self.index, "roles", index)
            yield from use_of(entry, place, self.file, in_collections=in_collections)

    def tasks(self) -> Iterator[Task]:
        for section in SECTIONS:
            yield from tasks_in(
                self.document,
                (self.index, section),
                self.file,
                None,
                (self.keys,),
                is_handler=section == "handlers",
            )


def plays_in(content: Content, path: str) -> tuple[Play, ...]:
    """The plays of a file; none where it is no playbook."""
    if not _MAY_BE.search(content.text(path)):
        return ()
    document = content.document(path)
    if document is None or not isinstance(document.value, list):
        return ()
    found = [
        Play(item, document, index, path)
        for index, item in enumerate(document.value)
        if isinstance(item, dict) and ("hosts" in item or any(key in item for key in _IMPORTS))
    ]
    # A list of other things may have some with `hosts`, such as routes of a proxy.
    return tuple(found) if found and all(_is_one(play) for play in found) else ()


def _is_one(play: Play) -> bool:
    return bool(play.imported) or not _SIGNS.isdisjoint(play.keys)
