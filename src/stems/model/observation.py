"""What is known of something on a node: present, absent or unknown. Unknown is never absent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from stems.errors import StemsError

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Present(Generic[T_co]):
    """It was observed, and this is it."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Absent:
    """It was observed that there is none."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """It was not observed: the node or the tool did not answer, or the answer could not be read."""

    error: StemsError

    @property
    def reason(self) -> str:
        return self.error.problem


Observation = Present[T_co] | Absent | Unknown
"""For things that may not exist."""

Answer = Present[T_co] | Unknown
"""For questions to a node that always have an answer when the node has one."""
