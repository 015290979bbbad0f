"""JSON text: where it is broken, and whether a reader that allows comments would take it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

_NEXT = re.compile(r'"|//|/\*')
_TEXT = re.compile(r'"(?:[^"\\\n]|\\.)*"')
# A text that nothing closes is one to the end of its line, so that no quote in it begins another one.
_SPARE_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*+"?)|,(?=\s*[}\]])')


@dataclass(frozen=True, slots=True)
class JsonProblem:
    """Where a text stops being JSON, and what was expected there."""

    line: int
    column: int
    message: str


def json_problem(text: str) -> JsonProblem | None:
    """What is wrong with a text, nothing where it is JSON or too deep to say."""
    try:
        # Numbers stay text: Python refuses very long ones, which JSON allows.
        json.loads(text.removeprefix("\ufeff"), parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        return JsonProblem(error.lineno, error.colno, error.msg[:1].lower() + error.msg[1:])
    except RecursionError:
        return None
    return None


def is_relaxed_json(text: str) -> bool:
    """Whether it is JSON but for comments and commas before a bracket that closes, as editors allow in settings."""
    return json_problem(_SPARE_COMMA.sub(lambda found: found[1] or "", _without_comments(text))) is None


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while found := _NEXT.search(text, at):
        kept.append(text[at : found.start()])
        if found[0] == '"':
            quoted = _TEXT.match(text, found.start())
            if quoted is None:
                break
            kept.append(quoted[0])
            at = quoted.end()
        else:
            end = text.find("\n" if found[0] == "//" else "*/", found.end())
            if end < 0:
                return "".join(kept)
            at = end if found[0] == "//" else end + 2
    return "".join(kept) + text[at:]
