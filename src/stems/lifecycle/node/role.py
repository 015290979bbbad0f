"""The role that sets a node up, in the source of the system domain, and the playbook with the play for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from stems.configuration.text import read_text
from stems.errors import UsageError
from stems.lifecycle.node.play import ROLE, asks, with_play
from stems.lifecycle.template import ShippedFile, Template, template_files
from stems.model.cluster import SystemDomain
from stems.model.names import is_relative_path

_FOLDER = f"roles/{ROLE}/"
_MOST_FILES = 500
_ANSIBLE = "ansible"


@dataclass(frozen=True, slots=True)
class RoleFiles:
    """Files that are to be written, the playbook that includes the role, and what a person has to do.

    `before` and `after` are the texts of the playbook; they are the same where it stays as it is. `asks` says whether
    it has the role for those nodes alone that say so in a variable.
    """

    files: tuple[ShippedFile, ...] = ()
    playbook: str = ""
    before: str = ""
    after: str = ""
    notes: tuple[str, ...] = ()
    asks: bool = False


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


def bring(root: Path, system: SystemDomain | None, role: tuple[ShippedFile, ...], play: str) -> RoleFiles:
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
    after = with_play(before, playbook, play)
    if after is None:
        notes.append(f"add to {playbook}, after what is done once for all nodes:\n{play.rstrip()}")
    switched = asks(play if after is None else after)
    return RoleFiles(tuple(files), playbook, before, before if after is None else after, tuple(notes), switched)
