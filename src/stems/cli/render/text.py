"""Small pieces of text: columns, counts, short digests, ages and sizes."""

from __future__ import annotations

from collections.abc import Sequence

import click

from stems.model.names import printable

MARKS = {
    "good": ("✓", "green"),
    "bad": ("✗", "red"),
    "unknown": ("?", "magenta"),
    "warn": ("!", "yellow"),
    "wait": ("…", "cyan"),
    "none": ("·", "bright_black"),
}

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_STEP = 1024


def short(sha: str) -> str:
    return sha[:8]


def dim(text: str) -> str:
    return click.style(text, dim=True) if text else ""


def bold(text: str) -> str:
    return click.style(text, bold=True)


def marked(mark: str, text: str) -> str:
    """`text` with the sign and colour of its meaning; the sign alone carries it too."""
    sign, colour = MARKS[mark]
    return click.style(f"{sign} {text}", fg=colour)


def columns(rows: Sequence[Sequence[str]], *, indent: str = "", gap: int = 2) -> list[str]:
    """Rows with every column as wide as its widest cell; styles do not count."""
    widths = [max(len(click.unstyle(row[column])) for row in rows) for column in range(len(rows[0]))] if rows else []
    return [indent + _row(row, widths, gap) for row in rows]


def _row(row: Sequence[str], widths: Sequence[int], gap: int) -> str:
    cells = [cell + " " * (width - len(click.unstyle(cell)) + gap) for cell, width in zip(row, widths, strict=True)]
    return "".join(cells).rstrip()


def beside(name: str, text: str) -> str:
    """What was said of a node, without its name at the front: it stands beside the name already."""
    return printable(text.removeprefix(f"{name}: "))


def one_line(text: str) -> str:
    """Text from a node or a tool as one cell of a row."""
    return printable(text).replace("\n", "⏎")


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def age(seconds: float) -> str:
    """How long, in the largest unit that fits."""
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"


def size(amount: float) -> str:
    """Bytes with a binary unit."""
    for unit in ("B", "K", "M", "G", "T"):
        if amount < _STEP or unit == "T":
            return f"{amount:.0f}{unit}" if amount >= 10 or unit == "B" else f"{amount:.1f}{unit}"
        amount /= _STEP
    return ""
