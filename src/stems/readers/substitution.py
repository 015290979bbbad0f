"""The `${…}` of Compose replaced as Compose replaces it: what it refuses is refused, and unknown stays unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

MAX_DEPTH = 40
MAX_LENGTH = 1024 * 1024

_START = re.compile(r"\$(?:(?P<dollar>\$)|(?P<named>[A-Za-z_][A-Za-z0-9_]*)|(?P<brace>\{))")
_BRACED = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<operator>:?[-+?])?")
_BRACE = re.compile(r"\$\{|\}")


class Unknown(Enum):
    """What depends on something that is set elsewhere. It is never taken for absent or empty."""

    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


UNKNOWN: Final = Unknown.UNKNOWN

Lookup = Callable[[str], "str | Unknown | None"]
"""The value of a variable, None when it has none."""


class SubstitutionError(Exception):
    """A text in which variables cannot be replaced."""


class MissingValueError(SubstitutionError):
    """A variable that must have a value, `${NAME:?…}`, and has none."""

    def __init__(self, name: str, word: str) -> None:
        super().__init__(f"{name} must have a value: {word}")
        self.name = name


@dataclass(slots=True)
class Substitution:
    """Variables replaced by a `lookup`.

    `absent` are those that had no value and that the result depends on, `unset` those of them without a default, for
    which Compose takes an empty text.
    """

    lookup: Lookup
    unset: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def of(self, text: str, depth: int = 0) -> str | Unknown:
        """Raises `SubstitutionError` for what Compose refuses, and for what would never end."""
        if "$" not in text:
            return text
        if depth > MAX_DEPTH:
            raise SubstitutionError(f"variables are nested more than {MAX_DEPTH} deep")
        said, is_known, length = [], True, 0
        for part in self._parts(text, depth):
            if isinstance(part, Unknown):
                is_known = False
                continue
            said.append(part)
            length += len(part)
            if length > MAX_LENGTH:
                raise SubstitutionError(f"its variables make it longer than {MAX_LENGTH} characters")
        return "".join(said) if is_known else UNKNOWN

    def _parts(self, text: str, depth: int) -> Iterator[str | Unknown]:
        at = 0
        while found := _START.search(text, at):
            yield text[at : found.start()]
            at = found.end()
            if found["dollar"]:
                yield "$"
            elif found["named"]:
                yield self._plain(found["named"])
            else:
                end = _closing(text, at)
                yield self._braced(text[at:end], depth)
                at = end + 1
        yield text[at:]

    def _plain(self, name: str) -> str | Unknown:
        value = self.lookup(name)
        if value is None:
            self.unset.append(name)
            self.absent.append(name)
            return ""
        return value

    def _braced(self, inside: str, depth: int) -> str | Unknown:
        found = _BRACED.match(inside)
        if found is None or (found.end() < len(inside) and not found["operator"]) or "\n" in inside:
            raise SubstitutionError(f"`${{{inside}}}` is no variable: write `$$` for a dollar")
        name, operator = found["name"], found["operator"] or ""
        if not operator:
            return self._plain(name)
        # Compose replaces the variables of a default even when it does not take it, and refuses what is wrong there.
        before = len(self.unset), len(self.absent)
        word = self.of(inside[found.end() :], depth + 1)
        value = self.lookup(name)
        if value is UNKNOWN:
            return UNKNOWN
        is_set = value is not None and (value != "" or not operator.startswith(":"))
        if operator[-1] == "?" and not is_set:
            raise MissingValueError(name, str(word))
        takes_word = is_set == (operator[-1] == "+")
        if not takes_word:
            del self.unset[before[0] :], self.absent[before[1] :]
        if value is None:
            self.absent.append(name)
        if takes_word:
            return word
        return value if is_set and value is not None else ""


def _closing(text: str, at: int) -> int:
    """Where the brace that is open at `at` closes."""
    depth = 1
    for found in _BRACE.finditer(text, at):
        depth += 1 if found[0] == "${" else -1
        if depth == 0:
            return found.start()
    raise SubstitutionError("a `${` is never closed: write `$$` for a dollar")
