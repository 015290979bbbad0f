"""The name that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

# Comparing is slow: a hostile file must not buy minutes with long or many names.
MAX_LENGTH = 64
MAX_NAMES = 2000


def nearest(word: str, known: Iterable[str], *, alike: float = 0.6) -> str:
    """The known name that is most like a word, or nothing when none is near. `alike` is from 0 to 1."""
    by_lower_case = {name.lower(): name for name in reversed(list(known))}
    if len(word) > MAX_LENGTH or len(by_lower_case) > MAX_NAMES:
        return ""
    near = get_close_matches(word.lower(), by_lower_case, n=1, cutoff=alike)
    return by_lower_case[near[0]] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean X?` for the end of a message, or nothing when no known name is near."""
    name = nearest(word, known)
    return f"; did you mean `{name}`?" if name else ""


def one_of(names: Iterable[str]) -> str:
    """The names that are possible, for a message."""
    return ", ".join(f"`{name}`" for name in names)
