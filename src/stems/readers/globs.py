"""Patterns that stand for many paths: those of `.chezmoiignore` and `.chezmoiremove`, as chezmoi matches them.

Source: chezmoi's reference, which names the Go package doublestar for the rules.
"""

from __future__ import annotations

import re
from functools import cache

ANYTHING = "\x00"
"""Stands in a pattern for what only a rendered template would tell."""
_MOST = 200
"""Patterns that the braces of one may stand for: every pair of braces multiplies them."""

_LONGEST = 1000
"""Characters of a pattern: longer ones are no paths, and take longer the more brackets they have."""

_PIECE = re.compile(r"\\.|\[[!^]?(?:\\.|[^\]\\])+\]|\*+|.", re.DOTALL)
_SPECIAL = {"?": "[^/]", ANYTHING: ".*"}


def matches(pattern: str, path: str) -> bool:
    """Whether a target path, relative to the destination, is one that the pattern means."""
    return any(each.fullmatch(path) for each in _compiled(pattern))


def is_valid(pattern: str) -> bool:
    try:
        return bool(_compiled(pattern))
    except ValueError:
        return False


@cache
def _compiled(pattern: str) -> tuple[re.Pattern[str], ...]:
    """Raises `ValueError` for what does not end, and for what is longer than anybody writes."""
    if len(pattern) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters")
    try:
        return tuple(re.compile(_expression(each), re.DOTALL) for each in _without_braces(pattern))
    except re.error as error:
        raise ValueError(str(error)) from None


def _expression(pattern: str) -> str:
    pieces = _PIECE.findall(pattern)
    parts = []
    for index, piece in enumerate(pieces):
        before, after = pieces[index - 1] if index else "", pieces[index + 1] if index + 1 < len(pieces) else ""
        if piece[0] == "*":
            parts.append(_stars(piece, before, after))
        elif not (piece == "/" and after == "**" and index + 2 == len(pieces)) and not _is_spent(pieces, index):
            parts.append(_one(piece))
    return "".join(parts)


def _stars(piece: str, before: str, after: str) -> str:
    """`**` between slashes, or between one and an end, is any number of directories; elsewhere it is a star."""
    if piece != "**" or before not in ("/", "") or after not in ("/", ""):
        return "[^/]*"
    if after:
        return "(?:[^/]*/)*"
    # `a/**` means `a`, too.
    return "(?:/.*)?" if before else ".*"


def _is_spent(pieces: list[str], index: int) -> bool:
    """Whether this is the slash after a `**` that already took it."""
    return pieces[index] == "/" and index > 0 and pieces[index - 1] == "**" and (index < 2 or pieces[index - 2] == "/")


def _one(piece: str) -> str:
    if piece in _SPECIAL:
        return _SPECIAL[piece]
    if piece in ("[", "\\"):
        raise ValueError(f"nothing ends the {piece!r}")
    if piece[0] == "\\":
        return re.escape(piece[1])
    if len(piece) > 1:
        negated = piece[1] in "!^"
        inside = re.sub(r"([\[&~|^])", r"\\\1", piece[2:-1] if negated else piece[1:-1])
        # Two dashes would be a difference of sets in some later Python.
        inside = re.sub("--+", r"\-", inside)
        return f"(?!/)[{'^' if negated else ''}{inside}]"
    return re.escape(piece)


def _without_braces(pattern: str) -> list[str]:
    """The patterns that one with `{a,b}` stands for."""
    pieces = _PIECE.findall(pattern)
    if "{" not in pieces:
        return [pattern]
    start = pieces.index("{")
    head, (parts, end) = "".join(pieces[:start]), _alternatives(pieces, start)
    tails = _without_braces("".join(pieces[end + 1 :]))
    found = [head + middle + tail for part in parts for middle in _without_braces(part) for tail in tails]
    if len(found) > _MOST:
        raise ValueError("too many alternatives")
    return found


def _alternatives(pieces: list[str], start: int) -> tuple[list[str], int]:
    """What stands between the commas of the brace at `start`, and where it ends."""
    depth, parts = 0, [""]
    for index in range(start, len(pieces)):
        piece = pieces[index]
        depth += (piece == "{") - (piece == "}")
        if depth == 0:
            return parts, index
        if piece == "," and depth == 1:
            parts.append("")
        elif index > start:
            parts[-1] += piece
    raise ValueError("a brace does not end")
