"""Templates of the plain kind, read without Jinja, which takes ten times as long.

What is not surely right, and surely understood, is left to Jinja: nothing here says that something is wrong.
"""

from __future__ import annotations

import re

from stems.tools.ansible.repository.plain_expressions import NotPlainError, read_expression

_SEGMENT = re.compile(
    r"\{\{-?(?P<value>[^{}%#]*+)\}\}"
    r"|\{%[-+]?\s*(?P<word>[a-z]+)\b(?P<rest>[^{}%#]*+)%\}"
    r"|\{#(?:[^#]|#(?!\}))*+#\}"
    r"|(?P<odd>\{[{%#])"
)
_FOR = re.compile(r"\s*([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*+)\s+in\s+(.+)", re.DOTALL)
_SET = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)(.+)", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_RESERVED = frozenset({"and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"})

Names = tuple[frozenset[str], frozenset[str]]
"""Those that are taken from outside, and those that may be undefined."""


def read_plain(text: str) -> Names | None:
    """What a text with braces takes, None where Jinja must say."""
    reading = _Reading()
    try:
        for segment in _SEGMENT.finditer(text):
            if segment["value"] is not None:
                reading.expression(segment["value"].removesuffix("-"))
            elif segment["word"]:
                reading.statement(segment["word"], segment["rest"].rstrip("-+ \t\r\n"))
            elif segment["odd"]:
                return None
    except NotPlainError:
        return None
    return None if reading.open else (frozenset(reading.used - reading.own), frozenset(reading.guarded))


class _Reading:
    """The names met so far, and the statements that are not closed yet."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self.own: set[str] = {"loop", "self", "super", "caller", "varargs", "kwargs"}
        self.guarded: set[str] = set()
        self.open: list[str] = []

    def expression(self, text: str) -> None:
        read_expression(text, self.used, self.guarded)

    def statement(self, word: str, rest: str) -> None:
        if word in ("if", "for"):
            self.open.append(word)
        elif word in ("elif", "else", "endif", "endfor"):
            self._goes_on(word, rest)
        elif word != "set":
            raise NotPlainError
        if word in ("if", "elif"):
            self.expression(rest)
        elif word in ("for", "set"):
            self._assignment(_FOR if word == "for" else _SET, rest)

    def _goes_on(self, word: str, rest: str) -> None:
        top = self.open.pop() if self.open else ""
        if word == "elif":
            is_right = top == "if"
            self.open.append(top)
        elif word == "else":
            is_right = top in ("if", "for") and not rest
            self.open.append(f"else {top}")
        else:
            is_right = bool(top) and top.endswith(word.removeprefix("end")) and not rest
        if not is_right:
            raise NotPlainError

    def _assignment(self, shape: re.Pattern[str], rest: str) -> None:
        found = shape.fullmatch(rest)
        names = set(_NAME.findall(found[1])) if found else set()
        if not found or names & _RESERVED:
            raise NotPlainError
        self.own |= names
        self.expression(found[2])
