"""The text files of a tree by their paths there, of which Compose projects are read."""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator
from pathlib import Path

from stems.tools.base import Job, Tree

LARGEST = 2 * 1024 * 1024
_MOST_CHARACTERS = 16 * 1024 * 1024


def is_encrypted(text: str) -> bool:
    return "ENC[AES256_GCM" in text or text.startswith(("$ANSIBLE_VAULT;", "-----BEGIN AGE"))


def files_of(job: Job) -> TreeFiles:
    """Asked for with `job.once`."""
    return TreeFiles(job.tree)


class TreeFiles:
    """`read` gives the text of what Git tracks, links inside of the repository followed.

    A path is in it where something is tracked whose content nobody can read here: encrypted, no text, a link that
    leads elsewhere, in a repository that is not checked out.
    """

    def __init__(self, tree: Tree) -> None:
        self._root = os.path.realpath(tree.root)
        self._tracked = tree.tracked
        self._texts: dict[str, str | None] = {}
        self._left = _MOST_CHARACTERS

    def read(self, path: str) -> str | None:
        if path in self._texts:
            return self._texts[path]
        text = self._read(path) if self._may_be_there(path) else None
        self._left -= len(text or path)
        if self._left > 0:
            self._texts[path] = text
        return text

    def is_tracked(self, path: str) -> bool:
        return path in self._tracked

    def __contains__(self, path: object) -> bool:
        if not isinstance(path, str):
            return False
        text = self.read(path)
        return is_encrypted(text) if text is not None else bool(self._tracked) and self._may_be_there(path)

    def _may_be_there(self, path: str) -> bool:
        """Whether Git tracks it, or a link or another repository above it."""
        return not self._tracked or path in self._tracked or any(each in self._tracked for each in _above(path))

    def _read(self, path: str) -> str | None:
        try:
            real = os.path.realpath(f"{self._root}/{path}")
            if not real.startswith(f"{self._root}/"):
                return None
            if self._tracked and real.removeprefix(f"{self._root}/") not in self._tracked:
                return None
            about = Path(real).stat()
            # A pipe would be waited for.
            if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
                return None
            text = Path(real).read_bytes().decode("utf-8")
        except (OSError, ValueError):
            return None
        return None if "\0" in text else text


def _above(path: str) -> Iterator[str]:
    while (folder := posixpath.dirname(path)) not in ("", path):
        yield folder
        path = folder
