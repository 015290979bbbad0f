"""Which files Git itself encrypts on the way into a commit: git-crypt, transcrypt and their like, by `.gitattributes`.

In a working tree that somebody unlocked they are plain text, and no leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from stems.readers.gitignore import MOST_LINES, IgnoreLine, read_gitignore

NAME = ".gitattributes"
_CRYPTS = re.compile(r"(?:^|\s)filter=\S*(?:crypt|sops|age|secret)\S*")
_PLAIN = re.compile(r"(?:^|\s)(?:[!-]filter\b|filter=)")


class Crypted:
    """The patterns of all `.gitattributes`, outermost first: the last one that means a path decides."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """`texts` are the folders of such files, with what is in each."""
        self._lines: list[tuple[IgnoreLine, bool]] = []
        for folder, text in sorted(texts, key=lambda each: (each[0].count("/") + bool(each[0]), each[0])):
            for line in text.split("\n", MOST_LINES)[:MOST_LINES]:
                pattern, _, attributes = line.strip().partition(" ")
                if not pattern.startswith(("#", "!", "[attr]")) and _PLAIN.search(attributes):
                    is_crypted = _CRYPTS.search(attributes) is not None
                    self._lines += [(found, is_crypted) for found in read_gitignore(pattern, folder)]

    def __contains__(self, path: str) -> bool:
        said = (is_crypted for line, is_crypted in reversed(self._lines) if line.means(path, is_folder=False))
        return next(said, False)
