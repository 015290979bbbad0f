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
    open_blocks: list[Action] = []
    for found in _found(text):
        if isinstance(found, GoProblem):
            return GoTemplate(tuple(actions), found)
        action = Action(found.offset, found.content, tuple(block.word for block in open_blocks))
        actions.append(action)
        if len(open_blocks) > _DEEPEST:
            return GoTemplate(tuple(actions))
        if action.word in _OPENS:
            open_blocks.append(action)
        elif action.word in ("end", "else") and not open_blocks:
            message = f"`{action.word}` without an `if`, `with` or `range` before it"
            return GoTemplate(tuple(actions), GoProblem(action.offset, message))
        elif action.word == "end":
            open_blocks.pop()
    if open_blocks:
        message = f"no `{{{{ end }}}}` closes this `{open_blocks[-1].word}`"
        return GoTemplate(tuple(actions), GoProblem(open_blocks[-1].offset, message))
    return GoTemplate(tuple(actions))


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
