"""The file that something made goes to: new, or one that stems made before."""

from __future__ import annotations

import difflib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stems.errors import ToolError, UsageError
from stems.lifecycle.generate.made import Made, is_made

_NEW = 0o644


@dataclass(frozen=True, slots=True)
class Target:
    """A file for one format. `before` is what is in it, None where there is none."""

    path: Path
    before: str | None


def find_target(output: Path, name: str, made: Made, *, usual: str) -> Target:
    """The file itself, or in a folder the one with the `usual` name. Refuses what stems did not make."""
    path = output / usual if output.is_dir() else output
    if not made.is_marked:
        raise UsageError(
            f"{path}: JSON has no place to say who made it, so stems would not know its own file again",
            remedy="write YAML, or standard output into a file",
        )
    before = _read(path)
    if before is not None and not is_made(before, name):
        raise UsageError(
            f"{path} is not what `stems generate {name}` makes, and nothing else is overwritten",
            remedy="name another file, or move this one away",
        )
    return Target(path, before)


def write_target(target: Target, made: Made) -> bool:
    """Put the text in its place, whole or not at all, with the folders above it; False where it was there already."""
    if target.before == made.text:
        return False
    path = target.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".stems-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(made.text)
            temporary.chmod(_NEW if target.before is None else stat.S_IMODE(path.stat().st_mode))
            if target.before is None:
                # A file that somebody else put there meanwhile stays.
                path.hardlink_to(temporary)
            else:
                temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise ToolError(f"{path}: cannot be written: {error.strerror}", remedy=f"look at {path.parent}") from None
    return True


def difference(target: Target, made: Made) -> Iterator[str]:
    """What would change in the file; nothing where it is fresh."""
    old = (target.before or "").splitlines()
    yield from difflib.unified_diff(old, made.text.splitlines(), str(target.path), "as it would be made", lineterm="")


def _read(path: Path) -> str | None:
    try:
        kind = path.lstat().st_mode
        if not stat.S_ISREG(kind):
            raise UsageError(f"{path} is not a plain file", remedy="name another one")
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ToolError(f"{path}: cannot be read: {error.strerror}", remedy=f"look at {path}") from None
