"""What was made: a text that opens by saying so, and what somebody should know of it."""

from __future__ import annotations

from dataclasses import dataclass

_SAYS = "Made by `stems generate {}` from config/cluster.yml: edit that, not this."
_HEAD_LINES = 5


@dataclass(frozen=True, slots=True)
class Note:
    """What is not in a text although it could be there, and what to do about it."""

    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A text in one format. `is_marked` is false where the format has no place for the line that says who made it."""

    text: str
    notes: tuple[Note, ...] = ()
    is_marked: bool = True


def says(name: str) -> str:
    """The words by which stems knows a file that it made."""
    return _SAYS.format(name)


def is_made(text: str, name: str) -> bool:
    """Whether a text opens like one of this format that stems made."""
    return any(says(name) in line for line in text.splitlines()[:_HEAD_LINES])
