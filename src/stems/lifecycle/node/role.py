"""The role that sets a node up, in the source of the system domain, and the playbook that names it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from stems.configuration.text import read_text
from stems.errors import ConfigurationError, UsageError
from stems.lifecycle.template import ShippedFile, Template, template_files
from stems.model.cluster import SystemDomain
from stems.model.names import is_relative_path
from stems.readers.first_item import with_first_item
from stems.readers.yaml import read_yaml

ROLE = "node"
_FOLDER = f"roles/{ROLE}/"
_MOST_FILES = 500
_ANSIBLE = "ansible"


@dataclass(frozen=True, slots=True)
class RoleFiles:
    """Files that are to be written, the playbook that names the role, and what a person has to do.

    `before` and `after` are the texts of the playbook; they are the same where it stays as it is.
    """

    files: tuple[ShippedFile, ...] = ()
    playbook: str = ""
    before: str = ""
    after: str = ""
    notes: tuple[str, ...] = ()


def shipped_role() -> tuple[ShippedFile, ...]:
    return tuple(file for file in template_files(Template.NODE) if file.path.startswith(_FOLDER))


def role_of(folder: Path) -> tuple[ShippedFile, ...]:
    """The role of a copy of the template that somebody edited."""
    found = sorted(path for path in (folder / _FOLDER).rglob("*") if path.is_file())[: _MOST_FILES + 1]
    if not found or len(found) > _MOST_FILES:
        raise UsageError(f"{folder / _FOLDER}: no role", remedy="copy the template `node-config` with all of its files")
    texts = ((path, read_text(path, str(path))) for path in found)
    return tuple(
        ShippedFile(path.relative_to(folder).as_posix(), text, executable=text.startswith("#!")) for path, text in texts
    )


def bring(root: Path, system: SystemDomain | None, role: tuple[ShippedFile, ...]) -> RoleFiles:
    """What is to be written so that the role is there and used. Nothing is written here."""
    if system is None:
        return RoleFiles(notes=("there is no system domain, so the role was not added: `stems init --only system`",))
    if system.tool != _ANSIBLE:
        return RoleFiles(notes=(f"the system domain belongs to {system.tool}, so the Ansible role was not added",))
    playbook = normpath(join(system.source, system.playbook))
    folder = dirname(playbook)
    if not is_relative_path(playbook):
        raise UsageError(f"{playbook}: leads out of the repository", remedy="name a playbook inside of it")
    files = [file._replace(path=normpath(join(folder, file.path))) for file in role]
    there = [file for file in files if os.path.lexists(root / file.path)]
    if any(read_text(root / file.path, file.path) != file.text for file in there):
        files, notes = [], [f"{join(folder, _FOLDER)} is there already, and stays as it is"]
    else:
        files, notes = [file for file in files if file not in there], []
    before = read_text(root / playbook, playbook) if (root / playbook).is_file() else ""
    after = named(before, playbook)
    if after is None:
        notes.append(f"add to a play of {playbook} whose hosts it is for:\n  become: true\n  roles:\n    - {ROLE}")
    return RoleFiles(tuple(files), playbook, before, before if after is None else after, tuple(notes))


def named(text: str, path: str) -> str | None:
    """The playbook with the role as the first one of its only play. None where that is not certain."""
    try:
        plays = read_yaml(text, path, strict=True).value
    except ConfigurationError:
        return None
    if not isinstance(plays, list) or not all(isinstance(play, dict) for play in plays):
        return None
    if any(ROLE in _roles(play) for play in plays):
        return text
    (play, *others) = plays or [{}]
    if others or play.get("hosts") != "all" or play.get("become") is not True:
        return None
    return with_first_item(text, path=path, keys=(0, "roles"), item=ROLE)


def _roles(play: dict[str, object]) -> Iterator[object]:
    roles = play.get("roles")
    for role in roles if isinstance(roles, list) else ():
        yield (role.get("role") or role.get("name")) if isinstance(role, dict) else role
