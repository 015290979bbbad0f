"""Names of nodes with ranges, as `web[01:20].example`: all that one stands for."""

from __future__ import annotations

import re
from itertools import islice, product
from string import ascii_letters

MOST = 5000
"""Names that one line may stand for."""

_RANGE = re.compile(r"\[(\w*):(\w*)(?::(\d+))?\]")


def expanded(pattern: str) -> tuple[str, ...]:
    """Raises `ValueError` for a range that Ansible refuses."""
    pieces = _RANGE.split(pattern)
    choices = [[pieces[0]]]
    for index in range(1, len(pieces), 4):
        choices += [_between(*pieces[index : index + 3]), [pieces[index + 3]]]
    found = tuple(islice(map("".join, product(*choices)), MOST + 1))
    if len(found) > MOST:
        raise ValueError(f"stands for more than {MOST} names")
    return found


def _between(start: str, end: str, step: str | None) -> list[str]:
    by = int((step or "1")[:6]) or 1
    if not end:
        raise ValueError("a range needs an end")
    start = start or "0"
    if start.isdecimal() and end.isdecimal():
        first, last = int(start[:9]), int(end[:9])
        if first > last:
            raise ValueError("a range must have its lower end first")
        # A leading zero says how wide each number is.
        width = len(start) if start.startswith("0") and len(start) > 1 else 0
        return [str(number).zfill(width) for number in range(first, min(last, first + by * MOST) + 1, by)]
    if start in ascii_letters and end in ascii_letters and len(start) == len(end) == 1:
        first, last = ascii_letters.index(start), ascii_letters.index(end)
        if first > last:
            raise ValueError("a range must have its lower end first")
        return list(ascii_letters[first : last + 1 : by])
    raise ValueError("a range is between two numbers or two letters")
