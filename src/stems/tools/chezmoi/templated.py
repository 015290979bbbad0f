"""Pattern files, which chezmoi renders as Go templates: what is certain in them without rendering, and what is not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from stems.readers.globs import ANYTHING, is_valid, matches
from stems.tools.chezmoi.conditions import Known, decided

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


def pattern_lines(text: str, known: Known | None = None) -> list[Line]:
    """The lines that hold a pattern. One in a conditional block, or with an expression in it, is not certain.

    What is `known` of a node decides some of the conditions: then a line is certain, or not there.
    """
    is_long = text.count("{") > _MOST_BRACES or text.count("\n") > _MOST_LINES
    if is_long or any("-delimiter" in directive for directive in _DIRECTIVE.findall(text)):
        # Where an action begins and ends is then another question; and nobody waits for all that many patterns mean.
        return [Line(1, ANYTHING, is_exception=False, is_certain=False)]
    found = []
    for number, (content, is_certain) in enumerate(_lines(_DIRECTIVE.sub("", text), known or {}), 1):
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


def _lines(text: str, known: Known) -> Iterator[tuple[str, bool]]:
    content, is_certain = "", True
    for piece in _pieces(text, known):
        for index, part in enumerate(piece.text.split("\n")):
            if index:
                yield content, is_certain
                content, is_certain = "", True
            content += part
            # Blank text in a block says nothing about the line that goes on behind it.
            is_certain = is_certain and ((piece.is_known and not piece.depth) or not part.strip(" \t\r"))
    yield content, is_certain


class _Blocks:
    """The blocks around a place, each with whether its text is there: None where only the node can tell."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._open: list[tuple[bool | None, bool | None]] = []

    def open(self, word: str, condition: str) -> None:
        is_there = decided(condition, self._known) if word == "if" else None
        self._open.append((is_there, is_there))

    def otherwise(self, condition: str) -> None:
        """An `else`, perhaps with an `if`: it counts where nothing before it did."""
        if self._open:
            _, was = self._open.pop()
            word, _, rest = condition.partition(" ")
            own = True if not condition else decided(rest, self._known) if word == "if" else None
            is_there = (False if was else own) if was is not None else None
            self._open.append((is_there, None if is_there is None else was or is_there))

    def close(self) -> None:
        if self._open:
            self._open.pop()

    def piece(self, text: str, *, is_known: bool = True) -> _Piece:
        if any(is_there is False for is_there, _ in self._open):
            return _Piece("\n" * text.count("\n"), 0)
        return _Piece(text, sum(is_there is None for is_there, _ in self._open), is_known)


def _pieces(text: str, known: Known) -> Iterator[_Piece]:
    """The text between actions with the depth of blocks around it, and a piece for each action that prints."""
    blocks, at, eats = _Blocks(known), 0, False
    for action in _actions(text):
        before = text[at : action.start].lstrip() if eats else text[at : action.start]
        word, prints = _WORD.match(action.content), False
        name = word[0] if word else ""
        rest = action.content[len(name) :].strip()
        if name in _OPENS:
            yield blocks.piece(before)
            blocks.open(name, rest)
        elif name == "end":
            yield blocks.piece(before)
            blocks.close()
        elif name == "else":
            yield blocks.piece(before)
            blocks.otherwise(rest)
        elif not _prints(action.content):
            yield blocks.piece(before)
        else:
            prints = True
            yield blocks.piece(before.rstrip() if action.eats_before else before)
            yield blocks.piece(ANYTHING, is_known=False)
        eats = prints and action.eats_behind
        at = action.end
    yield blocks.piece(text[at:].lstrip() if eats else text[at:])


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
