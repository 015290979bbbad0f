"""A hand edit as a version of a file of the repository, and why some may not become one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from stems.errors import ToolError
from stems.infrastructure.content import Content
from stems.model.change import Change
from stems.model.names import printable
from stems.tools.git.working_file import EXECUTABLE, LINK, PLAIN, Version
from stems.tools.origin import REPAIR, Origin, refused
from stems.tools.redact import REDACTED, is_secret_path, redacted_diff


@dataclass(frozen=True, slots=True)
class HandEdit:
    """A file of the repository as it was deployed, and as it is on the node: None where it is gone there."""

    change: Change
    origin: Origin
    was: Version
    now: Version | None
    note: str = ""

    @property
    def place(self) -> str:
        return self.origin.place


def hand_edit(change: Change, origin: Origin, content: Content | None, *, was: Version | None) -> HandEdit:
    """Raises `refused` for what Git cannot keep in that place."""
    if was is None:
        raise refused(change, f"comes from {origin.place}, which is no file", f"edit it, or {REPAIR}")
    if content is None:
        return HandEdit(change, origin, was, None)
    if content.is_link != (was.mode == LINK):
        kinds = ("a symlink", "a file") if content.is_link else ("a file", "a symlink")
        raise refused(
            change, f"is {kinds[0]} there and {kinds[1]} in {origin.place}", f"change it by hand, or {REPAIR}"
        )
    if content.is_link:
        _require_inside(change, origin.place, os.fsdecode(content.data))
    now = Version(_mode(origin, content, was), content.data)
    if now == was:
        where = f"write it into {origin.mode_in}, or " if origin.mode_in else ""
        raise refused(change, "has no difference that Git keeps, such as its mode or owner", where + REPAIR)
    is_odd = origin.executable and content.mode not in ("644", "755")
    note = f"its mode {content.mode} is not in it: write it into {origin.mode_in}" if is_odd and origin.mode_in else ""
    return HandEdit(change, origin, was, now, note)


def _mode(origin: Origin, content: Content, was: Version) -> str:
    if not origin.executable:
        return was.mode
    return EXECUTABLE if int(content.mode, 8) & 0o100 else PLAIN


def _require_inside(change: Change, place: str, target: str) -> None:
    inside = not target.startswith("/") and normpath(join(dirname(place), target)).split("/")[0] != ".."
    if not target or not inside or printable(target) != target or "\n" in target:
        raise refused(
            change,
            f"points to {printable(target)}, out of the repository",
            f"let it point to something in it, or {REPAIR}",
        )


def diff_of(edit: HandEdit) -> str:
    """The redacted diff. Raises `refused` where it cannot be shown that nothing secret would be written."""
    now, was, change = edit.now, edit.was, edit.change
    if now is None:
        return f"deleted file {edit.place}\n"
    modes = f"old mode {was.mode}\nnew mode {now.mode}\n" if now.mode != was.mode else ""
    if now.content == was.content:
        return modes
    diff = _shown(was, now, edit)
    if any(line.startswith("+") and REDACTED in line for line in diff.splitlines()[2:]):
        raise _unfit(change, "may hold a secret", edit)
    if not diff:
        raise _unfit(change, "cannot be shown, and so may hold a secret", edit)
    return modes + diff


def _shown(was: Version, now: Version, edit: HandEdit) -> str:
    if is_secret_path(edit.origin.path):
        return ""
    texts = (version.content.decode("utf-8", "replace") for version in (was, now))
    return redacted_diff(*texts, path=edit.place)


def _unfit(change: Change, why: str, edit: HandEdit) -> ToolError:
    return refused(
        change,
        f"is not written to {edit.place}: it {why}",
        f"look at {edit.origin.path} on {change.node}; what may be in the repository, write into {edit.place} by hand",
    )
