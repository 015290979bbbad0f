"""Expressions of the plain kind, as Jinja reads them: names, texts, filters, tests, comparisons."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"\s*(?:([A-Za-z_]\w*)|('[^'\\{}]*'|\"[^\"\\{}]*\"|\d+(?:\.\d+)?(?![\w.]))|(==|!=|<=|>=|[<>+~*|().,\[\]]))"
)
_ALONE = re.compile(r"\s*([A-Za-z_]\w*)(?:\.(?!(?:and|or|not|in|is|if|else)\b)[A-Za-z_]\w*)*+\s*")
_END = ""
_WORDS = frozenset({"and", "or", "not", "in", "is", "if", "else"})
_CONSTANTS = frozenset({"true", "false", "none", "True", "False", "None"})
_COMPARISONS = frozenset({"==", "!=", "<=", ">=", "<", ">", "+", "~", "*", "in"})
_GUARDS = frozenset({"default", "d", "mandatory"})
_DEEPEST = 20
_LONGEST = 2000


class NotPlainError(Exception):
    """Jinja must say."""


def read_expression(text: str, used: set[str], guarded: set[str]) -> None:
    """Add the names in an expression, and those that may be undefined. Raises `NotPlainError`."""
    alone = _ALONE.fullmatch(text)
    if alone and alone[1] not in _WORDS | _CONSTANTS:
        used.add(alone[1])
        return
    reader = _Reader(list(_tokens(text)), guarded)
    reader.expression(0)
    reader.require(_END)
    used.update(reader.names)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Each word, value and sign with its kind."""
    text = text.rstrip()
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found or len(text) > _LONGEST:
            raise NotPlainError
        at = found.end()
        name, value, sign = found.groups()
        yield ("name" if name and name not in _WORDS else "value" if value else "sign", name or value or sign)
    yield "sign", _END


class _Reader:
    """Goes through the tokens once."""

    def __init__(self, tokens: list[tuple[str, str]], guarded: set[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._met: list[str] = []
        self._guarded = guarded

    @property
    def names(self) -> list[str]:
        return self._met

    def _next_is(self, *signs: str) -> bool:
        kind, text = self._tokens[self._at]
        return kind == "sign" and text in signs

    def _take(self, *signs: str) -> bool:
        taken = self._next_is(*signs)
        self._at += taken
        return taken

    def require(self, sign: str) -> None:
        if not self._take(sign):
            raise NotPlainError

    def expression(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise NotPlainError
        # Only here `not` may stand: after a comparison Jinja refuses it.
        while self._take("not"):
            pass
        self._operand(depth)
        while True:
            if self._take("and", "or"):
                while self._take("not"):
                    pass
            elif self._take("not"):
                self.require("in")
            elif not self._take(*_COMPARISONS):
                return
            self._operand(depth)

    def _operand(self, depth: int) -> None:
        start = len(self._met)
        self._primary(depth)
        is_guard = self._filters(depth)
        if self._test() or is_guard:
            self._guarded.update(self._met[start:])

    def _primary(self, depth: int) -> None:
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "name":
            if text not in _CONSTANTS:
                self._met.append(text)
            self._trailers(depth)
        elif kind == "sign" and text == "(":
            self.expression(depth + 1)
            self.require(")")
        elif kind == "sign" and text == "[":
            self._list(depth, "]")
        elif kind != "value":
            raise NotPlainError

    def _trailers(self, depth: int) -> None:
        while True:
            if self._take("."):
                self._name()
            elif self._take("["):
                self.expression(depth + 1)
                self.require("]")
            else:
                return

    def _name(self) -> str:
        kind, text = self._tokens[self._at]
        if kind != "name":
            raise NotPlainError
        self._at += 1
        return text

    def _list(self, depth: int, end: str) -> None:
        if self._take(end):
            return
        self.expression(depth + 1)
        while self._take(","):
            self.expression(depth + 1)
        self.require(end)

    def _filters(self, depth: int) -> bool:
        """Whether one of them stands in for what is undefined."""
        is_guard = False
        while self._take("|"):
            name = self._name()
            is_guard = is_guard or name in _GUARDS
            while self._take("."):
                self._name()
                is_guard = False
            if self._take("("):
                self._list(depth, ")")
        return is_guard

    def _test(self) -> bool:
        if not self._take("is"):
            return False
        self._take("not")
        name = self._name()
        kind, _ = self._tokens[self._at]
        if kind != "sign" or self._next_is("(", "[", ".", "|", "is"):
            # What follows is taken for an argument.
            raise NotPlainError
        return name in ("defined", "undefined")
