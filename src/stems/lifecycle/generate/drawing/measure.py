"""How wide a text is, near enough without the font: rather too wide, because what does not fit is cut."""

from __future__ import annotations

from stems.model.names import printable

_NARROW, _WIDE, _CAPITALS = frozenset("iIjlft.,:;!|'`()[]/ -"), frozenset("mwMWOQG@%—→✓"), (0x41, 0x5A)
_NARROW_EM, _WIDE_EM, _CAPITAL_EM, _OTHER_EM, _FULL_EM = 0.37, 0.92, 0.7, 0.6, 1.05
_MONO_EM, _BOLD = 0.605, 1.1
_FULL = 0x2E80
"""From here on, characters are mostly as wide as they are high."""
_ELLIPSIS = "…"


def width_of(text: str, size: float, *, bold: bool = False, mono: bool = False) -> float:
    ems = sum(_FULL_EM if ord(each) >= _FULL else _MONO_EM if mono else _em(each) for each in text)
    return ems * size * (_BOLD if bold else 1)


def _em(character: str) -> float:
    if character in _NARROW:
        return _NARROW_EM
    if character in _WIDE:
        return _WIDE_EM
    return _CAPITAL_EM if _CAPITALS[0] <= ord(character) <= _CAPITALS[1] else _OTHER_EM


def cut(text: str, width: float, size: float, *, bold: bool = False, mono: bool = False) -> str:
    """As much of a text as fits, with a sign where something is missing."""
    text = one_line(text)
    if width_of(text, size, bold=bold, mono=mono) <= width:
        return text
    while text and width_of(text + _ELLIPSIS, size, bold=bold, mono=mono) > width:
        text = text[:-1]
    return text.rstrip() + _ELLIPSIS


def wrapped(text: str, width: float, size: float, *, most: int) -> list[str]:
    """A text in at most so many lines, the last of which is cut."""
    lines, rest = list[str](), one_line(text).split()
    while rest and len(lines) < most - 1:
        taken = 1
        while taken < len(rest) and width_of(" ".join(rest[: taken + 1]), size) <= width:
            taken += 1
        lines.append(cut(" ".join(rest[:taken]), width, size))
        rest = rest[taken:]
    return [*lines, cut(" ".join(rest), width, size)] if rest else lines


def one_line(text: str) -> str:
    return " ".join(printable(text)[:_LONGEST].split())


_LONGEST = 400
