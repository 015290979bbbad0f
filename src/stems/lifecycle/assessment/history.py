"""What commits say of themselves: whether somebody could tell later why something was changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from stems.lifecycle.assessment.look import Look
from stems.tools.git.snapshot import Message

_WORDS = (
    r"update[ds]?|fix(?:e[ds]|ing)?|wip|chang(?:es?|ed)|stuff|tests?|tmp|temp|misc|sync|save|commit|minor|clean(?:up|ed)?|"
    r"initial(?: commit)?|init|more|again|oops|typo|tweaks?|edits?|backup|first|add(?:ed)?|new|progress|latest|work"
)
_VAGUE = re.compile(
    rf"(?:(?:{_WORDS})(?: (?:stuff|things|changes?|files?|configs?|it|this|again|more|minor|small|some))*|"
    # What forges write for those who edit there.
    r"(?:update|create|delete) [\w/-]*\.[\w.-]+|add files via upload|"
    r"(?:auto|automatic|daily|nightly)[ -]?(?:commit|backup|sync).*|[\W\d_]+|\w)[.!]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """How many of the newest commits there are, how many give a reason, and which subjects say nothing."""

    commits: int
    with_reason: int
    vague: tuple[Message, ...]


def told(look: Look) -> Told | None:
    """None where there is no history that could say anything."""
    if look.messages is None:
        return None
    return Told(len(look.messages), sum(one.has_body for one in look.messages), tuple(_vague(look.messages)))


def _vague(messages: Iterable[Message]) -> Iterable[Message]:
    return (one for one in messages if _VAGUE.fullmatch(one.subject.strip()))
