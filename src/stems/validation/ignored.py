"""Which paths Git ignores, as far as the `.gitignore` files of the repository say."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stems.validation.files import File
from stems.validation.subject import Subject

_MOST = 2000


@dataclass(frozen=True)
class Ignored:
    """Patterns in their order; the last one that matches counts. What they say of folders holds for what is in them."""

    patterns: tuple[tuple[re.Pattern[str], bool], ...] = ()

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and any(self._is_named(each) for each in _with_folders(path))

    def _is_named(self, path: str) -> bool:
        said = (not is_taken_back for pattern, is_taken_back in reversed(self.patterns) if pattern.fullmatch(path))
        return next(said, False)


def ignored(subject: Subject) -> Ignored:
    """Asked for with `subject.once`."""
    files = subject.files.named(".gitignore")
    return Ignored(tuple(found for file in files for line in file.lines for found in _pattern(file, line))[:_MOST])


def _pattern(file: File, line: str) -> Iterator[tuple[re.Pattern[str], bool]]:
    text = line.strip()
    is_taken_back = text.startswith("!")
    text = text.removeprefix("!").rstrip("/")
    if not text or text.startswith("#"):
        return
    folder = f"{file.folder}/" if file.folder else ""
    # A pattern with a slash is about the folder of its file, others are about every folder below it.
    start = "" if "/" in text else "(?:.*/)?"
    whole = f"{re.escape(folder)}{start}{fnmatch.translate(text.lstrip('/').removeprefix('**/'))}"
    if text.startswith("**/"):
        whole = f"{re.escape(folder)}(?:.*/)?{fnmatch.translate(text.removeprefix('**/'))}"
    try:
        yield re.compile(whole), is_taken_back
    except re.error:
        return


def _with_folders(path: str) -> Iterator[str]:
    while path and path != "/":
        yield path
        path = posixpath.dirname(path)
