"""Patterns of `.gitignore`, as Git matches them.

Source: gitignore(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_PIECE = re.compile(r"\\.|\[[!^]?\]?(?:\\.|[^\]\\])*\]|\*\*|\*|\?|.", re.DOTALL)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class IgnoreLine:
    """One pattern with the number of its line. `folder` is where its file is, empty for the top."""

    number: int
    pattern: str
    is_exception: bool
    only_folders: bool
    expression: re.Pattern[str]
    folder: str = ""

    def means(self, path: str, *, is_folder: bool) -> bool:
        """Whether it is about a path, given from the root of the repository."""
        if self.only_folders and not is_folder:
            return False
        if self.folder:
            if not path.startswith(f"{self.folder}/"):
                return False
            path = path[len(self.folder) + 1 :]
        return self.expression.fullmatch(path) is not None


def read_gitignore(text: str, folder: str = "") -> tuple[IgnoreLine, ...]:
    return tuple(_lines(text, folder))


def _lines(text: str, folder: str) -> Iterator[IgnoreLine]:
    for number, line in enumerate(text.split("\n"), 1):
        pattern = line.rstrip("\r").rstrip(" ") if not line.rstrip("\r").endswith("\\ ") else line.rstrip("\r")
        if not pattern or pattern.startswith("#") or len(pattern) > _LONGEST:
            continue
        bare = pattern.removeprefix("!")
        expression = _expression(bare)
        if expression is not None:
            yield IgnoreLine(number, pattern, bare != pattern, bare.endswith("/"), expression, folder)


@lru_cache(maxsize=4096)
def _expression(pattern: str) -> re.Pattern[str] | None:
    core = pattern.rstrip("/")
    # With a slash in front or inside it is about the path from its folder, else about any name.
    is_path = "/" in core
    core = core.removeprefix("/")
    try:
        return re.compile(("" if is_path else "(?:.*/)?") + _translated(core), re.DOTALL) if core else None
    except re.error:
        return None


def _translated(pattern: str) -> str:
    pieces = _PIECE.findall(pattern)
    parts, at = [], 0
    while at < len(pieces):
        piece = pieces[at]
        if piece == "**" and at + 1 < len(pieces) and pieces[at + 1] == "/" and (at == 0 or pieces[at - 1] == "/"):
            parts.append("(?:.*/)?")
            at += 1
        elif piece == "**":
            parts.append(".*" if at and pieces[at - 1] == "/" and at + 1 == len(pieces) else "[^/]*")
        else:
            parts.append(_one(piece))
        at += 1
    return "".join(parts)


def _one(piece: str) -> str:
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("[") and len(piece) > 1:
        inside = piece[1:-1]
        sign = "^" if inside[:1] in ("!", "^") else ""
        inside = re.sub(r"([\[&~|])", r"\\\1", inside[1:] if sign else inside)
        return f"(?!/)[{sign}{inside}]"
    if piece == "[":
        # What never ends means nothing.
        return "(?!)"
    return re.escape(piece[1:] if piece.startswith("\\") and len(piece) > 1 else piece)
