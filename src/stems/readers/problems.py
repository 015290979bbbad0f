"""What the YAML parser says, in words that name the likely mistake."""

from __future__ import annotations

import yaml

from stems.model.finding import Place
from stems.readers.composer import TOO_DEEP

_WORDS = {
    "mapping values are not allowed": "`: ` is not possible here: check the indentation, or put the text in quotes",
    "could not find expected ':'": "expected `key: value` here",
    "did not find expected key": "expected a key here: check the indentation and the quotes above",
    "did not find expected '-' indicator": "expected `- ` here: check the indentation of the list",
    "did not find expected ',' or ']'": "expected `,` or `]`: the list that starts above is not closed",
    "did not find expected ',' or '}'": "expected `,` or `}`: the mapping that starts above is not closed",
    "did not find expected alphabetic": "expected a name after `&` or `*`: put the text in quotes",
    "did not find expected node content": "expected a value here",
    "found unexpected end of stream": "the text ends inside quotes",
    "found unknown escape character": "unknown escape after `\\`: use single quotes, or write `\\\\`",
    "block sequence entries are not allowed": "`- ` is not possible here: start the list on its own line",
    "found undefined tag handle": "unknown tag: put the text in quotes if it starts with `!`",
    "exceeded maximum nesting depth": TOO_DEEP,
    "found incompatible YAML document": "this version of YAML cannot be read",
}


def in_our_words(error: Exception, text: str, path: str) -> tuple[Place, str]:
    """Where the parser stopped and what is wrong there."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return Place(path), "cannot be read as YAML"
    mark = error.problem_mark or error.context_mark
    place = _place(mark, text, path) if mark else Place(path)
    problem = error.problem or "cannot be read as YAML"
    if "cannot start any token" in problem:
        return place, _start(text, place)
    return place, next((words for start, words in _WORDS.items() if problem.startswith(start)), problem)


def _start(text: str, place: Place) -> str:
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    character = line[place.column - 1 : place.column]
    if character == "\t":
        return "a tab cannot indent YAML: use spaces"
    return f"a value cannot start with `{character}`: put it in quotes"


def _place(mark: yaml.Mark, text: str, path: str) -> Place:
    """Where a mark points; the end of the last line when it points behind it, where no editor can go."""
    lines = text.splitlines()
    if mark.line < len(lines):
        return Place(path, mark.line + 1, mark.column + 1)
    return Place(path, len(lines), len(lines[-1]) + 1) if lines else Place(path, 1, 1)
