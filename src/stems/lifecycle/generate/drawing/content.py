"""What is written on a card: words and chips, each at its place below the upper left corner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stems.lifecycle.generate.drawing.measure import cut, one_line, width_of, wrapped

_CHIP_SIZE, _CHIP_HEIGHT, _CHIP_PAD, _CHIP_GAP = 11.5, 19.0, 7.0, 6.0


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text on its base line. `full` is what a reader is shown who points at it, where it was cut."""

    x: float
    y: float
    text: str
    style: str
    full: str = ""
    at_end: bool = False
    """Whether `x` is where it ends."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A small box with a word in it."""

    x: float
    y: float
    width: float
    text: str
    style: str
    full: str = ""
    height: float = _CHIP_HEIGHT


@dataclass(slots=True)
class Content:
    """A card as it is filled from top to bottom, `width` wide between its margins."""

    width: float
    height: float = 0.0
    words: list[Words] = field(default_factory=list)
    chips: list[Chip] = field(default_factory=list)

    def space(self, height: float) -> None:
        self.height += height

    def line(
        self, text: str, style: str, size: float, *, tag: str = "", bold: bool = False, mono: bool = False
    ) -> None:
        """One line, and perhaps a tag at its right end."""
        room = self.width
        if tag:
            tag = cut(tag, self.width * 0.45, _CHIP_SIZE)
            taken = width_of(tag, _CHIP_SIZE) + 2 * _CHIP_PAD
            room -= taken + _CHIP_GAP
        shown = cut(text, room, size, bold=bold, mono=mono)
        self.height += size * 1.12
        self.words.append(Words(0, self.height, shown, style, _full(text, shown)))
        if tag:
            top = self.height - size * 0.36 - _CHIP_HEIGHT / 2
            self.chips.append(Chip(self.width - taken, top, taken, tag, f"{style}-tag"))
        self.height += size * 0.42

    def paragraph(self, text: str, style: str, size: float, *, most: int = 2) -> None:
        lines = wrapped(text, self.width, size, most=most)
        for number, line in enumerate(lines):
            self.height += size * 1.12
            cut_here = number == len(lines) - 1 and line.endswith("…")
            self.words.append(Words(0, self.height, line, style, one_line(text) if cut_here else ""))
            self.height += size * 0.3

    def chip_rows(self, chips: Iterable[tuple[str, str]], *, most: int = 12) -> None:
        """Texts with their styles, in as many rows as they need."""
        given: Sequence[tuple[str, str]] = tuple(chips)
        more = [(f"+{len(given) - most}", "more")] if len(given) > most else []
        x = 0.0
        for text, style in (*given[:most], *more):
            shown = cut(text, self.width - 2 * _CHIP_PAD, _CHIP_SIZE, mono=True)
            width = width_of(shown, _CHIP_SIZE, mono=True) + 2 * _CHIP_PAD
            if x and x + width > self.width:
                x, self.height = 0.0, self.height + _CHIP_HEIGHT + _CHIP_GAP
            self.chips.append(Chip(x, self.height, width, shown, f"port {style}", _full(text, shown)))
            x += width + _CHIP_GAP
        if given:
            self.height += _CHIP_HEIGHT + _CHIP_GAP


def _full(text: str, shown: str) -> str:
    return "" if shown == one_line(text) else one_line(text)
