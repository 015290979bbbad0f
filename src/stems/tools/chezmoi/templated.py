"""Pattern files, which chezmoi renders as Go templates: what is certain in them without rendering, and what is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from stems.readers.globs import ANYTHING, is_valid, matches

_MARK = re.compile(r"""\"(?:\\.|[^"\\\n])*"|`[^`]*`|/\*|\}\}|["`]""")
_MOST_UNCLOSED = 100
_MOST_BRACES, _MOST_LINES = 2000, 5000
_DIRECTIVE = re.compile(r"^.*?chezmoi:template:(.*)$", re.MULTILINE)
_WORD = re.compile(r"[a-z]+\b")
_COMMENT = re.compile(r"(?<!\S)#.*$")
_OPENS = {"if", "with", "range", "block", "define"}


class Ignored(IntEnum):
    """Whether chezmoi leaves a target alone on a node; a condition that only the node can judge makes it `MAYBE`."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a pattern file: a pattern, perhaps with `ANYTHING` in it, or its exception (`!`)."""

    number: int
    pattern: str
    is_exception: bool
    is_certain: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    depth: int
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class _Action:
    """An action with its place, and whether it takes the blanks around it away."""

    start: int
    end: int
    content: str
    eats_before: bool
    eats_behind: bool


def pattern_lines(text: str) -> list[Line]:
    """The lines that hold a pattern. One in a conditional block, or with an expression in it, is not certain."""
    is_long = text.count("{") > _MOST_BRACES or text.count("\n") > _MOST_LINES
    if is_long or any("-delimiter" in directive for directive in _DIRECTIVE.findall(text)):
        # Where an action begins and ends is then another question; and nobody waits for all that many patterns mean.
        return [Line(1, ANYTHING, is_exception=False, is_certain=False)]
    found = []
    for number, (content, is_certain) in enumerate(_lines(_DIRECTIVE.sub("", text)), 1):
        pattern = _COMMENT.sub("", content).strip()
        bare = pattern.removeprefix("!")
        if bare:
            found.append(Line(number, bare, pattern.startswith("!"), is_certain))
    return found


def ignored(lines: list[Line], target: str) -> Ignored:
    """An exception wins over every pattern, wherever it stands."""
    hits = [line for line in lines if is_valid(line.pattern) and matches(line.pattern, target)]
    spared, meant = (_surest(line for line in hits if line.is_exception is kind) for kind in (True, False))
    meant = meant or _otherwise(lines)
    if spared is Ignored.YES or meant is Ignored.NO:
        return Ignored.NO
    return Ignored.MAYBE if spared is Ignored.MAYBE else meant


def _otherwise(lines: list[Line]) -> Ignored:
    """What becomes of a target that no line means: where there are exceptions only, all else is ignored."""
    exceptions, patterns = (_surest(line for line in lines if line.is_exception is kind) for kind in (True, False))
    if patterns is Ignored.YES:
        return Ignored.NO
    return min(exceptions, Ignored.MAYBE) if patterns else exceptions


def _surest(lines: Iterable[Line]) -> Ignored:
    return max((Ignored.YES if line.is_certain else Ignored.MAYBE for line in lines), default=Ignored.NO)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    content, is_certain = "", True
    for piece in _pieces(text):
        for index, part in enumerate(piece.text.split("\n")):
            if index:
                yield content, is_certain
                content, is_certain = "", True
            content += part
            # Blank text in a block says nothing about the line that goes on behind it.
            is_certain = is_certain and ((piece.is_known and not piece.depth) or not part.strip(" \t\r"))
    yield content, is_certain


def _pieces(text: str) -> Iterator[_Piece]:
    """The text between actions with the depth of blocks around it, and a piece for each action that prints."""
    depth, at, eats = 0, 0, False
    for action in _actions(text):
        before = text[at : action.start].lstrip() if eats else text[at : action.start]
        word, prints = _WORD.match(action.content), False
        name = word[0] if word else ""
        if name in _OPENS:
            yield _Piece(before, depth)
            depth += 1
        elif name == "end":
            yield _Piece(before, depth)
            depth = max(0, depth - 1)
        elif name == "else" or not _prints(action.content):
            yield _Piece(before, depth)
        else:
            prints = True
            yield _Piece(before.rstrip() if action.eats_before else before, depth)
            yield _Piece(ANYTHING, depth, is_known=False)
        eats = prints and action.eats_behind
        at = action.end
    yield _Piece(text[at:].lstrip() if eats else text[at:], depth)


def _actions(text: str) -> Iterator[_Action]:
    """What stands between `{{` and `}}`, strings and comments with braces in them included."""
    start, unclosed = text.find("{{"), 0
    while start >= 0 and unclosed < _MOST_UNCLOSED:
        end = _closing(text, start + 2)
        if end < 0:
            unclosed += 1
        else:
            yield _action(text, start, end)
        start = text.find("{{", start + 1 if end < 0 else end + 2)


def _closing(text: str, at: int) -> int:
    """Where the braces are that close an action, -1 where none do. No way through it is tried twice."""
    has_comments = True
    while mark := _MARK.search(text, at):
        if mark[0] == "}}":
            return mark.start()
        if mark[0] in ('"', "`"):
            return -1
        at = mark.end()
        if mark[0] == "/*" and has_comments:
            close = text.find("*/", at)
            has_comments, at = close >= 0, max(at, close + 2)
    return -1


def _action(text: str, start: int, end: int) -> _Action:
    inner = text[start + 2 : end]
    before = inner[:1] == "-" and inner[1:2].isspace()
    behind = len(inner) > 1 and inner[-1] == "-" and inner[-2].isspace()
    inner = inner[1:] if before else inner
    return _Action(start, end + 2, (inner[:-1] if behind else inner).strip(), before, behind)


def _prints(content: str) -> bool:
    return not content.startswith("/*") and not re.match(r"\$\w*(?:\s*,\s*\$\w+)?\s*:?=", content)
