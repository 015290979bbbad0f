"""Patterns of `.gitignore`, as Git matches them: name by name along a path, so that no pattern takes long.

Source: gitignore(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_PIECE = re.compile(r"\\.|\[[!^]?\]?[^\]]*\]|\*+|.", re.DOTALL)
_LONGEST = 500
MOST_LINES = 2000
"""Lines that are read: the longest collections have half of them, and each is compared with every path."""

Name = re.Pattern[str] | None
"""What a name of a path must look like; None stands for any number of folders."""
_ANY: Name = re.compile(".*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class IgnoreLine:
    """One pattern with the number of its line. `folder` is where its file is, empty for the top."""

    number: int
    pattern: str
    is_exception: bool
    only_folders: bool
    path: tuple[Name, ...]
    folder: str = ""

    def means(self, path: str, *, is_folder: bool) -> bool:
        """Whether it is about a path, given from the root of the repository."""
        if self.only_folders and not is_folder:
            return False
        if self.folder:
            if not path.startswith(f"{self.folder}/"):
                return False
            path = path[len(self.folder) + 1 :]
        if len(self.path) == 2 and self.path[0] is None and self.path[1] is not None:
            return self.path[1].fullmatch(path.rpartition("/")[2]) is not None
        return _matches(self.path, path.split("/"))


def read_gitignore(text: str, folder: str = "") -> tuple[IgnoreLine, ...]:
    return tuple(_lines(text, folder))


def _lines(text: str, folder: str) -> Iterator[IgnoreLine]:
    for number, line in enumerate(text.split("\n", MOST_LINES)[:MOST_LINES], 1):
        pattern = _stripped(line.removesuffix("\r"))
        if not pattern or pattern.startswith("#") or len(pattern) > _LONGEST:
            continue
        bare = pattern.removeprefix("!")
        path = _path(bare)
        if path:
            yield IgnoreLine(number, pattern, bare != pattern, bare.endswith("/"), path, folder)


def _stripped(line: str) -> str:
    """Without the spaces at the end, but for one that a backslash keeps."""
    bare = line.rstrip(" ")
    return f"{bare} " if bare.endswith("\\") and bare != line else bare


@lru_cache(maxsize=4096)
def _path(pattern: str) -> tuple[Name, ...]:
    """Nothing for a pattern that cannot be read: Git takes no notice of it, either."""
    core = pattern.removesuffix("/")
    names = core.removeprefix("/").split("/")
    # With a slash in front or inside it is about the path from its folder, else about any name.
    found: list[Name] = [] if "/" in core else [None]
    for number, name in enumerate(names):
        if name == "**" and len(names) > 1:
            # At the end it means everything inside.
            found += [None, _ANY] if number == len(names) - 1 else [None]
        else:
            one = _name(name)
            if one is None:
                return ()
            found.append(one)
    return tuple(found)


def _name(text: str) -> Name:
    parts = [""]
    for piece in _PIECE.findall(text):
        if piece[0] == "*":
            parts.append("")
        else:
            one = _letter(piece)
            if one is None:
                return None
            parts[-1] += one
    first, *others = parts
    # Where a part was found first is as good as any later place, so that none is tried again.
    middle = "".join(f"(?>.*?{part})" for part in others[:-1])
    try:
        return re.compile(first + middle + (f".*{others[-1]}" if others else ""), re.DOTALL) if text else None
    except re.error:
        return None


def _letter(piece: str) -> str | None:
    if piece == "?":
        return "."
    if piece == "[":
        return None
    if piece[0] == "[":
        # What means something in a set of Python alone is a letter in one of Git.
        inside = re.sub("--+", r"\-", re.sub(r"([\\\[&|~])", r"\\\1", piece[1:-1]))
        return f"[^{inside[1:]}]" if inside[:1] in ("!", "^") else f"[{inside}]"
    return re.escape(piece[-1])


def _matches(names: Sequence[Name], parts: Sequence[str]) -> bool:
    states = _skipped({0}, names)
    for part in parts:
        after = set[int]()
        for state in states:
            name = names[state] if state < len(names) else _END
            if name is None:
                after.add(state)
            elif name.fullmatch(part):
                after.add(state + 1)
        states = _skipped(after, names)
    return len(names) in states


_END = re.compile(r"(?!)")


def _skipped(states: set[int], names: Sequence[Name]) -> set[int]:
    """With those that are reached where folders are none."""
    for state in sorted(states):
        number = state
        while number < len(names) and names[number] is None:
            number += 1
            states.add(number)
    return states
