"""Patterns of `.gitignore`, as Git matches them.

Source: gitignore(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from posixpath import dirname

NAME = ".gitignore"
_PIECE = re.compile(r"\\.|\[[!^]?\]?[^\]]*\]|\*+|.", re.DOTALL)
_LONGEST = 1000
_STAR, _ANY, _FOLDERS, _ONE, _REST = "*", "?", "**/", "any", "rest"
"""Special tokens: the others are a letter, or a pattern of one letter."""

Token = str | re.Pattern[str]
Pattern = tuple[Token, ...]


def is_ignored(path: str, texts: Mapping[str, str]) -> bool:
    """Whether Git ignores a path; `texts` are the `.gitignore` files by the folder that they are in."""
    # What is in an ignored folder is ignored, whatever else is written.
    return any(_verdict(folder, texts, is_folder=True) for folder in _above(path)) or _verdict(path, texts)


def _verdict(path: str, texts: Mapping[str, str], *, is_folder: bool = False) -> bool:
    """What the last pattern that matches says of this path alone; those of a deeper file come later."""
    verdict = False
    for folder in ("", *reversed(tuple(_above(path)))):
        inner = path[len(folder) + 1 :] if folder else path
        for negates, only_folders, pattern in _patterns(texts.get(folder, "")):
            if (is_folder or not only_folders) and _matches(pattern, inner):
                verdict = not negates
    return verdict


def _above(path: str) -> Iterator[str]:
    while path := dirname(path):
        yield path


@lru_cache(maxsize=256)
def _patterns(text: str) -> tuple[tuple[bool, bool, Pattern], ...]:
    return tuple(_read(text.split("\n")))


def _read(lines: Iterable[str]) -> Iterator[tuple[bool, bool, Pattern]]:
    for line in lines:
        written = _stripped(line.removesuffix("\r"))
        if not written or written.startswith("#") or len(written) > _LONGEST:
            continue
        negates = written.startswith("!")
        pattern = written.removeprefix("!")
        only_folders = pattern.endswith("/")
        tokens = _tokens(pattern.removesuffix("/"))
        if tokens:
            yield negates, only_folders, tokens


def _stripped(line: str) -> str:
    """Without the spaces at the end, but for one that a backslash keeps."""
    bare = line.rstrip(" ")
    return f"{bare} " if bare.endswith("\\") and bare != line else bare


def _tokens(pattern: str) -> Pattern:
    """Nothing for a pattern that cannot be read: Git ignores it, too."""
    tokens: list[Token] = [] if "/" in pattern else [_FOLDERS]
    pieces = _PIECE.findall(pattern.removeprefix("/"))
    for index, piece in enumerate(pieces):
        before, after = pieces[index - 1] if index else "/", pieces[index + 1] if index + 1 < len(pieces) else ""
        if piece == "/" and index and tokens[-1] is _FOLDERS:
            continue
        if piece == "**" and before == "/" and after in ("/", ""):
            tokens += [_FOLDERS] if after else [_ONE, _REST]
        else:
            token = _token(piece)
            if token is None:
                return ()
            tokens.append(token)
    return tuple(tokens)


def _token(piece: str) -> Token | None:
    if piece[0] == "*":
        return _STAR
    if piece == "?":
        return _ANY
    if piece == "[":
        return None
    if piece[0] == "[":
        # What means something in a set of Python alone is a letter in one of Git.
        inner = re.sub("--+", r"\-", re.sub(r"([\\\[&|~])", r"\\\1", piece[1:-1]))
        try:
            return re.compile(f"[^/{inner[1:]}]" if inner[:1] in ("!", "^") else f"(?!/)[{inner}]")
        except re.error:
            return None
    return re.compile(re.escape(piece[-1]), re.DOTALL)


def _matches(pattern: Sequence[Token], path: str) -> bool:
    """Follows all ways at once: in a regular expression stars multiply.

    A state is how many tokens are behind, and whether the next one, `**/`, is in the middle of a folder's name.
    """
    states = _closed({(0, False)}, pattern)
    for letter in path:
        states = _closed({state for each in states for state in _step(each, letter, pattern)}, pattern)
        if not states:
            return False
    return (len(pattern), False) in states


def _step(state: tuple[int, bool], letter: str, pattern: Sequence[Token]) -> Iterator[tuple[int, bool]]:
    number, _ = state
    token = pattern[number] if number < len(pattern) else None
    if isinstance(token, re.Pattern):
        if token.fullmatch(letter):
            yield number + 1, False
    elif token is _FOLDERS:
        yield number, letter != "/"
    elif token is _REST or (token is _STAR and letter != "/"):
        yield number, False
    elif token is _ONE or (token is _ANY and letter != "/"):
        yield number + 1, False


def _closed(states: set[tuple[int, bool]], pattern: Sequence[Token]) -> set[tuple[int, bool]]:
    """With the states that are reached without a letter."""
    waiting = list(states)
    while waiting:
        number, is_inside = waiting.pop()
        skips = number < len(pattern) and pattern[number] in (_STAR, _FOLDERS, _REST) and not is_inside
        if skips and (number + 1, False) not in states:
            states.add((number + 1, False))
            waiting.append((number + 1, False))
    return states
