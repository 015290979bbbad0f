"""One file of the working tree: what it is, whether somebody edits it, and another version in its place."""

from __future__ import annotations

import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stems.errors import ToolError
from stems.infrastructure.command import Command
from stems.tools.git.command import git_command, output_of
from stems.tools.git.repository import Repository

PLAIN, EXECUTABLE, LINK = "100644", "100755", "120000"
_NEW = 0o644


@dataclass(frozen=True, slots=True)
class Version:
    """A file as Git keeps it: a mode, and content or what a symlink points to."""

    mode: str
    content: bytes


def read_version(path: Path) -> Version | None:
    """None where there is no file."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISLNK(mode):
        return Version(LINK, bytes(path.readlink()))
    if not stat.S_ISREG(mode):
        return None
    return Version(EXECUTABLE if mode & stat.S_IXUSR else PLAIN, path.read_bytes())


def hash_command(root: Path, place: str, version: Version) -> Command:
    """Prints the object that Git would keep of a file, after the filters of the person's configuration."""
    filters = ("--no-filters",) if version.mode == LINK else (f"--path={place}",)
    return git_command(root, "hash-object", *filters, "--stdin", stdin=version.content)


def is_edited(repository: Repository, place: str) -> bool:
    """Whether a file of HEAD is not in the working tree as HEAD has it, whatever Git was told to overlook."""
    found = next((entry for entry in repository.entries(repository.head()) if entry.path == place), None)
    version = read_version(repository.root / place)
    if found is None or version is None or version.mode != found.mode:
        return True
    command = hash_command(repository.root, place, version)
    return output_of(repository.runner, command, f"{place}: cannot be compared with HEAD").decode().strip() != (
        found.object
    )


def write_version(repository: Repository, place: str, version: Version | None) -> None:
    """Put a version in the place of a file, or remove the file. Nothing is staged."""
    path = repository.root / place
    if path.parent.resolve() != repository.root.resolve() / Path(place).parent:
        raise ToolError(f"{place}: its folder is a symlink", remedy="make it a folder again, as HEAD has it")
    if version is None:
        path.unlink()
    else:
        put_version(path, version)


def put_version(path: Path, version: Version) -> None:
    """Put a version in the place of a file, whole or not at all, with the permissions that the file has."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".stems-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(version.content if version.mode != LINK else b"")
        if version.mode == LINK:
            temporary.unlink()
            temporary.symlink_to(os.fsdecode(version.content))
        else:
            temporary.chmod(_bits(path, version.mode))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _bits(path: Path, mode: str) -> int:
    """The permissions of the file that is there, or of any new one; who may read it may run it, or nobody may."""
    bits = stat.S_IMODE(path.lstat().st_mode) if os.path.lexists(path) else _NEW
    return bits | (bits & 0o444) >> 2 if mode == EXECUTABLE else bits & ~0o111
