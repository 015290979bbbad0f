"""The `${…}` of Compose: which variables a text refers to, and what it says once they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACE = re.compile(r"\$\{|\}")
_DEEPEST = 100
_OPERATORS = (":-", ":?", ":+", "-", "?", "+")


@dataclass(frozen=True, slots=True)
class Reference:
    """One variable that a text refers to. `operator` is one of `:- - :? ? :+ +` or empty, `word` what follows it."""

    name: str
    operator: str = ""
    word: str = ""

    @property
    def is_required(self) -> bool:
        """Whether Compose refuses the file when the variable has no value."""
        return self.operator in {":?", "?"}

    @property
    def has_default(self) -> bool:
        return self.operator in {":-", "-", ":+", "+"}


def references(text: str) -> Iterator[Reference]:
    """Every variable of a text; those in a default come after the variable that it belongs to."""
    for part in _parts(text):
        if isinstance(part, Reference):
            yield part
            yield from references(part.word)


def interpolate(text: str, values: Mapping[str, str]) -> str | None:
    """The text with its variables replaced, `None` when one of them has neither value nor default."""
    said = []
    for part in _parts(text):
        value = part if isinstance(part, str) else _value(part, values)
        if value is None:
            return None
        said.append(value)
    return "".join(said)


def _value(reference: Reference, values: Mapping[str, str]) -> str | None:
    value = values.get(reference.name)
    is_set = value is not None and (value != "" or not reference.operator.startswith(":"))
    match reference.operator.removeprefix(":"):
        case "+":
            return interpolate(reference.word, values) if is_set else ""
        case "-" if not is_set:
            return interpolate(reference.word, values)
        case "?" if not is_set:
            return None
    return value


def _parts(text: str) -> Iterator[str | Reference]:
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        yield text[at:dollar]
        part, at = _after_dollar(text, dollar)
        yield part
    yield text[at:]


def _after_dollar(text: str, dollar: int) -> tuple[str | Reference, int]:
    start = dollar + 1
    if text.startswith("$", start):
        return "$", start + 1
    if match := _NAME.match(text, start):
        return Reference(match[0]), match.end()
    if text.startswith("{", start) and (match := _NAME.match(text, start + 1)):
        end = _closing(text, match.end())
        rest = text[match.end() : end]
        operator = next((found for found in _OPERATORS if rest.startswith(found)), "")
        if end > 0 and bool(rest) == bool(operator):
            return Reference(match[0], operator, rest[len(operator) :]), end + 1
    return "$", start


def _closing(text: str, at: int) -> int:
    """Where the brace that is open at `at` closes, -1 when it does not, or more are open than anybody writes."""
    depth = 1
    for brace in _BRACE.finditer(text, at):
        depth += -1 if brace[0] == "}" else 1
        if depth == 0:
            return brace.start()
        if depth > _DEEPEST:
            return -1
    return -1
