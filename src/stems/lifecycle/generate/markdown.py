"""Small pieces of Markdown: words as they stand there, links, tables and lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from stems.model.names import printable

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>&#|~!])")
_LIST = re.compile(r"^(\s*)(?:([-+])|(\d+)([.)]))(?=\s|$)")


def words(text: object) -> str:
    """Text that somebody wrote, as it stands there."""
    told = _SPECIAL.sub(r"\\\1", _one_line(text))
    # A mark at the start would begin a list.
    return _LIST.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", told)


def code(text: object) -> str:
    # Also in code a bar ends a cell of a table.
    return f"`{_one_line(text).replace('`', chr(39)).replace('|', chr(92) + '|')}`"


def codes(texts: Iterable[object]) -> str:
    return ", ".join(map(code, texts))


def link(text: str, target: str) -> str:
    return f"[{text}]({quote(target, safe='/#.:@+,~-_')})"


def anchor(heading: str) -> str:
    """How a forge names the place of a heading."""
    return "#" + re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield from (f"| {' | '.join(head)} |", f"|{'---|' * len(head)}")
    yield from (f"| {' | '.join(row)} |".replace("|  |", "| |") for row in rows)


def listed(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A list of what there is to say; what is empty is left out."""
    yield from (f"* **{name}**: {text}" for name, text in pairs if text)


def _one_line(text: object) -> str:
    return printable(str(text)).replace("\n", " ").replace("\t", " ").strip()
