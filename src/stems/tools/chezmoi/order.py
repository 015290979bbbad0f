"""In which order approved changes are made, and so stand in a plan.

chezmoi alone runs scripts of `run_before_` first. It pulls each Git repository that is due without having shown it, so
externals are named one by one, before the run that leaves them out; and a conflict that was approved is answered by
itself. The run after those has the order of chezmoi.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum

from stems.model.change import Change

FIRST = (
    "externals and edits that are given up come before scripts of `run_before_`, which chezmoi alone would run first"
)


class Step(IntEnum):
    """The runs of chezmoi of one deployment."""

    GIVEN_UP = 0
    EXTERNALS = 1
    REST = 2


def step_of(change: Change) -> Step:
    if is_external(change) or is_above_external(change):
        return Step.EXTERNALS
    return Step.GIVEN_UP if change.by_hand else Step.REST


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Within a run, the order in which chezmoi told them is that in which it goes."""
    return tuple(sorted(changes, key=step_of))


def is_other_than_chezmois(changes: Collection[Change], before: Collection[str]) -> bool:
    """Whether something is done before a script that says it runs first; `before` are the sources of those."""
    runs = any(change.action == "run" and change.source in before for change in changes)
    return runs and any(step_of(change) is not Step.REST for change in changes)


def is_external(change: Change) -> bool:
    return change.resource.startswith("external:")


def is_above_external(change: Change) -> bool:
    """The directories above an external have no source of their own: chezmoi counts them with it."""
    return change.resource.startswith("dir:") and not change.source and change.action != "remove"
