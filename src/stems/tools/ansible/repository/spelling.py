"""Names that differ by one slip of a finger: closer than what is merely alike, and few enough to be sure."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 64
_MOST = 5000


def nearly(word: str, known: Iterable[str]) -> str:
    """The only known name that one slip makes a word from, nothing where there is none or there are several."""
    if len(word) > _LONGEST:
        return ""
    near = [name for index, name in enumerate(known) if index < _MOST and is_slip(word, name)]
    return near[0] if len(near) == 1 else ""


def is_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, too many or another one, or two are swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]
