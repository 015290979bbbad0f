"""What happens during a rollout, as events for whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

ALL_NODES = "all nodes"
"""In place of the name of a node: a step for all of them."""


class Step(Enum):
    """The steps of a rollout on one node, in their order; and those beside."""

    IDENTITY = "identity"
    SYSTEM = "system"
    USER = "user"
    SERVICES = "services"
    VERIFY = "verify"
    HEALTH = "health"
    TAKE_BACK = "take back"
    UNLOCK = "unlock"
    GROUP = "group"


class Phase(Enum):
    """Where a step stands."""

    BEGUN = "begun"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Event:
    """One step of one node, or of all, that began, ended, or has something to say."""

    node: str
    step: Step
    phase: Phase
    detail: str = ""


Progress = Callable[[Event], None]


@contextmanager
def told(progress: Progress, node: str, step: Step) -> Iterator[None]:
    """Tell that a step begins and how it ends."""
    progress(Event(node, step, Phase.BEGUN))
    try:
        yield
    except BaseException as error:
        progress(Event(node, step, Phase.FAILED, str(error)))
        raise
    progress(Event(node, step, Phase.DONE))
