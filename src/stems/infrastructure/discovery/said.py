"""The answers of discovery as every module of it reads them: `key=value` lines, and sizes as people declare them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stems.model.names import printable
from stems.model.truth import UNKNOWN, Fact

MIB = 1024**2
GIB = 1024**3
_NUMBER = re.compile(r"[0-9]{1,18}")
_SPACES = re.compile(r"\s+")


def said(text: str, key: str) -> Iterator[str]:
    """Each value of a key, in its order; an empty one says nothing."""
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if separator and name == key and (clean := tidy(value)):
            yield clean


def one(text: str, key: str) -> Fact[str]:
    return next(said(text, key), UNKNOWN)


def tidy(text: str) -> str:
    """A text of a node in one line."""
    return _SPACES.sub(" ", printable(text)).strip()


def number(text: object) -> Fact[int]:
    return int(text) if isinstance(text, str) and _NUMBER.fullmatch(text) else UNKNOWN


def nearest(size: int) -> int:
    """A size to the next G, or below one to the next M."""
    unit = GIB if size >= GIB else MIB
    return max(round(size / unit), 1) * unit
