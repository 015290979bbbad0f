"""The pages of the methodology as sections: what somebody can ask for, with the commands that each one names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from stems.readers.markdown import simple

PAGES = {
    "README.md": "readme",
    "PRINCIPLES.md": "principles",
    "METHODOLOGY.md": "methodology",
    "CLUSTER-PATTERNS.md": "patterns",
    "LIFECYCLE.md": "lifecycle",
}
"""Each page with the word that stands for it."""
_HEADING = re.compile(r"(?P<signs>#{1,6}) +(?P<title>.+?)\s*")
_MOST = 300
"""Headings of a page that are known."""
_FENCE = re.compile(r"\s*(?:```|~~~)")
_SPAN = re.compile(r"`(stems [^`\n]+)`")
_TYPED = re.compile(r"\s*(?:\$ )?(stems [^#\n]+)")
_STAGE = re.compile(r"stage (?P<number>[1-7]): (?P<name>\w+)", re.IGNORECASE)
_PRINCIPLE = re.compile(r"(?P<name>[PDO][1-5]) .+")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it, up to the next heading of its level. `inner` are the headings in it."""

    page: str
    level: int
    title: str
    text: str
    inner: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return simple(self.title)

    @property
    def principle(self) -> str:
        """The name of the principle that it is about, if it is about one."""
        found = _PRINCIPLE.fullmatch(self.title)
        return found["name"] if found and self.page == "PRINCIPLES.md" else ""

    @property
    def stage(self) -> tuple[str, str]:
        """Number and name of the stage that it is about, both empty where it is about none."""
        found = _STAGE.fullmatch(self.title)
        return (found["number"], found["name"].lower()) if found else ("", "")

    @property
    def word(self) -> str:
        """What to type to see it."""
        if self.level == 1:
            return PAGES.get(self.page, self.page)
        return self.principle or self.stage[1] or self.title.lower()

    @property
    def own_text(self) -> str:
        """What stands before its first inner heading."""
        signs = "#" * (self.level + 1)
        return f"\n{self.text}".partition(f"\n{signs} {self.inner[0]}")[0] if self.inner else self.text

    @property
    def commands(self) -> tuple[str, ...]:
        """Commands of stems, in the order in which they are named."""
        return commands_in(self.text)


def commands_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(command.strip() for command in _commands(text)))


def sections_of(page: str, text: str) -> tuple[Section, ...]:
    """The whole page first, then its sections, then the sections of those."""
    lines = text.splitlines()
    found = list(islice(_headings(lines), _MOST))
    return tuple(_section(page, lines, found, at) for at in range(len(found)))


def _headings(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Number of the line, level and title of each heading that is no code."""
    is_code = False
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            is_code = not is_code
        heading = None if is_code else _HEADING.fullmatch(line)
        if heading:
            yield number, len(heading["signs"]), heading["title"]


def _section(page: str, lines: list[str], found: list[tuple[int, int, str]], at: int) -> Section:
    number, level, title = found[at]
    later = found[at + 1 :]
    end = next((start for start, other, _ in later if other <= level), len(lines))
    inner = tuple(name for start, other, name in later if start < end and other == level + 1)
    return Section(page, level, title, "\n".join(lines[number + 1 : end]).strip("\n"), inner)


def _commands(text: str) -> Iterator[str]:
    is_code = False
    for line in text.splitlines():
        if _FENCE.match(line):
            is_code = not is_code
        elif is_code:
            found = _TYPED.match(line)
            if found:
                yield found[1]
        else:
            yield from _SPAN.findall(line)
