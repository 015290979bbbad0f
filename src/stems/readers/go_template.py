"""Go templates without their engine: where actions begin and end, which blocks are open, and what is never closed.

Source: the package text/template of Go. Functions and their arguments are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENS = frozenset({"if", "with", "range", "block", "define"})
_DEEPEST = 100
"""Blocks in one another that are followed: nobody writes more, and each costs with every action in it."""
_OTHERS = {
    "elseif": "else if",
    "elif": "else if",
    "endif": "end",
    "endfor": "end",
    "endrange": "end",
    "endwith": "end",
    "fi": "end",
}
"""Words of other languages of templates, and what is meant."""
_WANT_VALUE = frozenset({"if", "with", "range", "else if", "else with"})
_TEXTS = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)*\'')
_EMPTY_PIPE = re.compile(r"\|\s*(?:\||\)|$)|(?:^|\()\s*\|")
_PARENTHESES = re.compile(r"[()]")
_WORD = re.compile(r"[A-Za-z_]\w*")
_COMMENT = re.compile(r"(?:-[ \t\r\n]+)?/\*")
_COMMENT_END = re.compile(r"\*/(?:[ \t\r\n]+-)?\}\}")
_STOP = re.compile(r"[\"`']|\}\}|\{\{")
_QUOTED = {
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"'(?:[^'\\\n]|\\.)*'"),
    "`": re.compile(r"`[^`]*`"),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One `{{ }}` that is no comment. `around` are the words of the blocks that it is in, outermost first."""

    offset: int
    content: str
    around: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        found = _WORD.match(self.content)
        return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class GoProblem:
    """What no engine would take, and where in the text."""

    offset: int
    message: str


@dataclass(frozen=True, slots=True)
class GoTemplate:
    """The actions of a text up to the first problem, if there is one."""

    actions: tuple[Action, ...]
    problem: GoProblem | None = None


def read_go_template(text: str) -> GoTemplate:
    actions: list[Action] = []
    blocks = _Blocks()
    for found in _found(text):
        if isinstance(found, GoProblem):
            return GoTemplate(tuple(actions), found)
        action = Action(found.offset, found.content, blocks.words)
        actions.append(action)
        message = "" if blocks.are_too_deep else blocks.take(action) or _trouble_in(action)
        if message or blocks.are_too_deep:
            return GoTemplate(tuple(actions), GoProblem(action.offset, message) if message else None)
    return GoTemplate(tuple(actions), blocks.unclosed())


class _Blocks:
    """The blocks that are open, and which of them had their `else`."""

    def __init__(self) -> None:
        self._open: list[Action] = []
        self._had_else: list[bool] = []

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(block.word for block in self._open)

    @property
    def are_too_deep(self) -> bool:
        return len(self._open) > _DEEPEST

    def take(self, action: Action) -> str:
        """What is wrong with an action where it stands, nothing where it may."""
        if action.word in _OPENS:
            self._open.append(action)
            self._had_else.append(False)
        elif action.word in ("end", "else") and not self._open:
            return f"`{action.word}` without an `if`, `with` or `range` before it"
        elif action.word == "end":
            self._open.pop()
            self._had_else.pop()
        elif action.word == "else":
            if self._had_else[-1]:
                return f"a second `else` for one `{self._open[-1].word}`"
            self._had_else[-1] = action.content == "else"
        return ""

    def unclosed(self) -> GoProblem | None:
        if not self._open:
            return None
        block = self._open[-1]
        return GoProblem(block.offset, f"no `{{{{ end }}}}` closes this `{block.word}`")


def _trouble_in(action: Action) -> str:
    """What no engine would take in an action by itself."""
    bare = _TEXTS.sub('""', action.content)
    if bare in _OTHERS or action.word in ("elseif", "elif"):
        return f"`{action.word}` is no word of these templates: write `{_OTHERS[action.word]}`"
    if bare in _WANT_VALUE:
        return f"`{bare}` without a value"
    if _EMPTY_PIPE.search(bare):
        return "nothing stands on one side of `|`"
    depth = 0
    for sign in _PARENTHESES.findall(bare):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            return "a `)` that nothing opens"
    return "nothing closes a `(`" if depth else ""


def _found(text: str) -> Iterator[Action | GoProblem]:
    at = 0
    while (start := text.find("{{", at)) >= 0:
        if comment := _COMMENT.match(text, start + 2):
            end = _COMMENT_END.search(text, comment.end())
            if end is None:
                yield GoProblem(start, "nothing closes the comment that opens here: `*/}}`")
                return
            at = end.end()
            continue
        end_of = _end(text, start)
        if isinstance(end_of, GoProblem):
            yield end_of
            return
        at = end_of
        yield Action(start, _bare(text[start + 2 : at - 2]))


def _bare(content: str) -> str:
    """What is in an action without the signs that trim the text around it."""
    start = 1 if re.match(r"-\s", content) else 0
    end = len(content) - 1 if re.search(r"\s-$", content[-2:]) else len(content)
    return content[start:end].strip()


def _end(text: str, start: int) -> int | GoProblem:
    """Where the action that opens at `start` is closed."""
    at = start + 2
    while found := _STOP.search(text, at):
        if found[0] == "}}":
            return found.end()
        if found[0] == "{{":
            break
        quoted = _QUOTED[found[0]].match(text, found.start())
        if quoted is None:
            return GoProblem(found.start(), f"nothing closes the {found[0]} that opens here")
        at = quoted.end()
    return GoProblem(start, "nothing closes the `{{` that opens here")
