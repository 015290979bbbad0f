"""Instructions of a Dockerfile with their lines, whatever else is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MOST_LINES = 20_000
_INSTRUCTION = re.compile(r"[ \t]*([A-Za-z]+)(?:[ \t]+(.*))?$", re.DOTALL)
_HERE = re.compile(r"<<-?[\"']?([A-Za-z_]\w*)[\"']?")
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^{}]*))?\})")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its name in capitals, what follows on all of its lines, and its first line."""

    name: str
    rest: str
    line: int


@dataclass(frozen=True, slots=True)
class Base:
    """An image that a build starts from, with the defaults of arguments. `None` where one has no value."""

    image: str | None
    line: int


def instructions(text: str) -> Iterator[Instruction]:
    """Every instruction. Comments, also between the lines of one, and texts of here-documents are none."""
    lines = iter(enumerate(text.splitlines()[:MOST_LINES], 1))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        parts = [line.rstrip()]
        while parts[-1].endswith("\\"):
            parts[-1] = parts[-1][:-1]
            more = next((each for _, each in lines if each.strip() and not each.lstrip().startswith("#")), None)
            if more is None:
                break
            parts.append(more.rstrip())
        whole = " ".join(parts)
        for end in _HERE.findall(whole) if "<<" in whole else ():
            next((each for _, each in lines if each.strip() == end), None)
        found = _INSTRUCTION.match(whole)
        if found:
            yield Instruction(found[1].upper(), (found[2] or "").strip(), number)


def bases(text: str, given: Mapping[str, str | None]) -> tuple[Base, ...]:
    """The images of all stages, without those that are stages of the same file.

    `given` are arguments that the build sets, `None` where the value is not known.
    """
    arguments: dict[str, str | None] = {}
    stages: set[str] = set()
    found: list[Base] = []
    for one in instructions(text):
        if one.name == "ARG" and not found and not stages:
            name, sign, value = one.rest.partition("=")
            own = value.strip().strip("\"'") if sign else None
            arguments[name.strip()] = given.get(name.strip(), own)
        elif one.name == "FROM":
            words = [word for word in one.rest.split() if not word.startswith("--")]
            if words and words[0].lower() not in stages:
                found.append(Base(_replaced(words[0].strip("\"'"), arguments), one.line))
            if len(words) > 2 and words[1].lower() == "as":
                stages.add(words[2].lower())
    return tuple(found)


def _replaced(text: str, arguments: dict[str, str | None]) -> str | None:
    is_known = True

    def value(match: re.Match[str]) -> str:
        nonlocal is_known
        said = arguments.get(match[1] or match[2]) or match[3]
        is_known = is_known and said is not None and "$" not in said
        return said or ""

    replaced = _VARIABLE.sub(value, text)
    return replaced if is_known else None
