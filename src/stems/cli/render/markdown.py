"""Markdown as lines for a terminal: headings, tables, lists and code, without the signs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from stems.cli.render.text import bold, columns, dim

WIDTH = 100
_LONGEST = 5000
"""Characters of a paragraph that is looked through: no person writes more, and patterns can take quadratic time."""
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])")
_HEADING = re.compile(r"#{1,6} +(.+?)\s*")
_ITEM = re.compile(r"(?P<indent> *)(?P<sign>[*-]|\d+\.) +(?P<text>.*)")
_RULER = re.compile(r"\|[\s:|-]+\|")


def render_markdown(text: str) -> Iterator[str]:
    paragraph: list[str] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        starts = line.lstrip().startswith("```")
        block = _end_of_code(lines, at) if starts else _end_of_table(lines, at)
        if block > at or not line.strip() or _HEADING.fullmatch(line) or (_ITEM.fullmatch(line) and paragraph):
            yield from _paragraph(paragraph)
            paragraph = []
        if block > at:
            yield from _code(lines[at:block]) if starts else _table(lines[at:block])
            at = block
            continue
        heading = _HEADING.fullmatch(line)
        if heading:
            yield bold(_inline(heading[1]))
        elif not line.strip():
            yield ""
        else:
            paragraph.append(line)
        at += 1
    yield from _paragraph(paragraph)


def _end_of_code(lines: list[str], at: int) -> int:
    """The line behind a block of code; one that is never closed goes to the end."""
    for number in range(at + 1, len(lines)):
        if lines[number].lstrip().startswith("```"):
            return number + 1
    return len(lines)


def _end_of_table(lines: list[str], at: int) -> int:
    while at < len(lines) and lines[at].startswith("|"):
        at += 1
    return at


def _code(block: list[str]) -> Iterator[str]:
    body = block[1:-1] if block[-1].lstrip().startswith("```") else block[1:]
    yield from textwrap.indent(textwrap.dedent("\n".join(body)), "    ").splitlines()


def _table(block: list[str]) -> Iterator[str]:
    rows = [[_inline(cell.strip()) for cell in _cells(line)] for line in block if not _RULER.fullmatch(line.strip())]
    width = max(map(len, rows))
    head, *rest = [tuple(row + [""] * (width - len(row))) for row in rows]
    yield from columns([tuple(map(dim, head)), *rest], indent="  ")


def _cells(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line.strip().strip("|"))


def _paragraph(lines: list[str]) -> Iterator[str]:
    if not lines:
        return
    item = _ITEM.fullmatch(lines[0])
    text = " ".join(line.strip() for line in lines)
    first = ""
    if item:
        sign = "•" if item["sign"] in "*-" else item["sign"]
        first, text = f"{item['indent']}{sign} ", text.removeprefix(item["sign"]).strip()
    yield from textwrap.wrap(
        _inline(text), WIDTH, initial_indent=first, subsequent_indent=" " * len(first), break_on_hyphens=False
    )


def _inline(text: str) -> str:
    """Without signs, except for those around code: they say what is to be typed."""
    if len(text) > _LONGEST:
        return text
    return _EMPHASIS.sub(r"\1", _STRONG.sub(r"\1", _LINK.sub(r"\1", text)))
