"""`ssh_config` files with places: blocks of options for the names that people type.

Source: ssh_config(5). The first value of an option counts, names of options have no case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stems.model.finding import Place

_LINE = re.compile(r"(?P<keyword>[A-Za-z][A-Za-z0-9]*)(?:[ \t]*=[ \t]*|[ \t]+)(?P<rest>\S.*)")
_WORD = re.compile(r'"(?P<quoted>[^"]*)"|(?P<plain>[^\s"]+)')
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
_PATTERN = re.compile(r"[*?!]")


@dataclass(frozen=True, slots=True)
class SshBlock:
    """What one `Host` line says of all names on it; `options` have lower-case names and their place.

    What a template writes is not among them. `is_match` is for `Match`, whose conditions nobody evaluates.
    """

    words: tuple[str, ...]
    place: Place
    options: Mapping[str, tuple[str, Place]] = field(default_factory=dict)
    is_match: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The words that name one thing: no patterns, nothing that a template writes."""
        if self.is_match or any("{" in word or "}" in word for word in self.words):
            return ()
        return tuple(word for word in self.words if not _PATTERN.search(word))

    def value(self, option: str) -> str:
        return self.options.get(option, ("", self.place))[0]


@dataclass(frozen=True, slots=True)
class SshConfig:
    """One file: its blocks in order, and the files that it includes."""

    blocks: tuple[SshBlock, ...]
    includes: tuple[tuple[str, Place], ...] = ()


def read_ssh_config(text: str, path: str) -> SshConfig:
    """Every block. Lines that are no option are passed over: templates have many."""
    blocks: list[SshBlock] = []
    includes: list[tuple[str, Place]] = []
    for keyword, rest, place in _lines(text, path):
        if keyword in ("host", "match"):
            blocks.append(SshBlock(tuple(_words(rest)), place, {}, keyword == "match"))
        elif keyword == "include":
            includes += [(word, place) for word in _words(rest) if not _TEMPLATE.search(word)]
        elif blocks and not _TEMPLATE.search(rest):
            options = blocks[-1].options
            assert isinstance(options, dict)  # noqa: S101  # made a few lines above
            options.setdefault(keyword, (next(_words(rest), ""), place))
    return SshConfig(tuple(blocks), tuple(includes))


def _lines(text: str, path: str) -> Iterator[tuple[str, str, Place]]:
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        start = len(line) - len(line.lstrip())
        found = _LINE.match(line.rstrip(), start)
        if found:
            yield found["keyword"].lower(), found["rest"], Place(path, number, start + 1)


def _words(rest: str) -> Iterator[str]:
    for found in _WORD.finditer(rest):
        word = found["quoted"] if found["quoted"] is not None else found["plain"]
        if word.startswith("#") and found["quoted"] is None:
            return
        yield word
