"""Elements of SVG, with everything that is written in them escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from stems.lifecycle.generate.drawing.content import Chip, Content, Words
from stems.model.names import printable

_CORNER = 7.0
_CHIP_BASE = 13.5
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def text_of(text: str) -> str:
    return escape(_UNWRITABLE.sub("�", printable(text)), quote=True)


def number(value: float) -> str:
    """Short, and the same on every machine."""
    return f"{value:.1f}".removesuffix(".0")


def rect(x: float, y: float, width: float, height: float, style: str, *, radius: float = 10) -> str:
    at = f'x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
    return f'<rect class="{style}" {at} rx="{number(radius)}"/>'


def words(x: float, y: float, text: str, style: str, *, full: str = "", middle: bool = False) -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    hint = f"<title>{text_of(full)}</title>" if full else ""
    return f'<text class="{style}" x="{number(x)}" y="{number(y)}"{anchor}>{hint}{text_of(text)}</text>'


def content(filled: Content, x: float, y: float) -> Iterator[str]:
    """What is written on a card, its upper left corner at x and y."""
    yield from (_line(each, x, y) for each in filled.words)
    for each in filled.chips:
        yield from chip(each, x, y)


def _line(line: Words, x: float, y: float) -> str:
    return words(x + line.x, y + line.y, line.text, line.style, full=line.full)


def chip(each: Chip, x: float, y: float) -> Iterator[str]:
    left, top = x + each.x, y + each.y
    yield rect(left, top, each.width, each.height, f"chip {each.style}", radius=each.height / 2)
    style = " ".join(f"{name}-text" for name in ("chip", *each.style.split()))
    yield words(left + each.width / 2, top + _CHIP_BASE, each.text, style, full=each.full, middle=True)


def way(points: Sequence[tuple[float, float]], style: str, hint: str) -> str:
    """A line through points with round corners and a head at its end."""
    kept = [point for at, point in enumerate(points) if at == 0 or point != points[at - 1]]
    path = [f"M{_point(kept[0])}"]
    for before, corner, after in zip(kept, kept[1:], kept[2:], strict=False):
        path.append(f"L{_point(_towards(corner, before))}Q{_point(corner)} {_point(_towards(corner, after))}")
    path.append(f"L{_point(kept[-1])}")
    return f'<path class="{style}" d="{"".join(path)}" marker-end="url(#head)"><title>{text_of(hint)}</title></path>'


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """A point near a corner on the way to another one, at most half of that way."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    share = min(_CORNER / (abs(dx) + abs(dy)), 0.5)
    return corner[0] + dx * share, corner[1] + dy * share


def _point(point: tuple[float, float]) -> str:
    return f"{number(point[0])} {number(point[1])}"
