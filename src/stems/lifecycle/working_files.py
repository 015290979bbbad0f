"""Files into a working tree: new ones where nothing is, and others only in the place of what was read."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from stems.errors import ToolError, UsageError
from stems.lifecycle.template import ShippedFile

_PLAIN, _EXECUTABLE = 0o644, 0o755


def require_inside(root: Path, path: str) -> None:
    """A folder on the way may be a link that leads elsewhere."""
    if (root / path).parent.resolve() != root.resolve() / Path(path).parent:
        raise UsageError(f"{path}: a folder on the way is a link", remedy="look at where it leads, or move it away")


def write_new(root: Path, file: ShippedFile) -> None:
    """Whole or not at all; what somebody put there meanwhile stays, and is an error."""
    target = root / file.path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = _temporary(target, file.text.encode(), _EXECUTABLE if file.executable else _PLAIN)
        try:
            target.hardlink_to(temporary)
        finally:
            temporary.unlink()
    except OSError as error:
        raise _unwritable(root, file.path, error) from None


def replace(root: Path, path: str, before: bytes, after: bytes) -> None:
    """Another content for a file that still is what was read, with its mode."""
    target = root / path
    try:
        if target.is_symlink() or target.read_bytes() != before:
            raise UsageError(f"{path}: changed meanwhile, and is left as it is", remedy="run this again")
        temporary = _temporary(target, after, stat.S_IMODE(target.stat().st_mode))
        try:
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(root, path, error) from None


def _temporary(target: Path, content: bytes, mode: int) -> Path:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".stems-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    temporary = Path(name)
    temporary.chmod(mode)
    return temporary


def _unwritable(root: Path, path: str, error: OSError) -> ToolError:
    return ToolError(
        f"{path}: cannot be written: {error.strerror}", remedy=f"look at {(root / path).parent}, then run this again"
    )
