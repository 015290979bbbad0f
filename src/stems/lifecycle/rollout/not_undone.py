"""What taking back cannot undo: what ran and has no before-state, and volumes, which are never removed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stems.lifecycle.run import Run
from stems.model.change import Change, Domain, Undo
from stems.model.plan import NodePlan

MOST = 6
"""As many resources as fit on a line."""


def not_undone(run: Run, nodes: Sequence[NodePlan]) -> tuple[str, ...]:
    """A line for each kind of thing that stays of what was begun, with the nodes where it does."""
    where: dict[str, list[str]] = {}
    for node in nodes:
        for line in _lines(run, node):
            where.setdefault(line, []).append(node.node)
    return tuple(f"{', '.join(names)}: {line}" for line, names in where.items())


def _lines(run: Run, node: NodePlan) -> Iterator[str]:
    done = run.done.get(node.node, set())
    begun = [change for change in node.changes if change.part in run.begun.get(node.node, ())]
    for words, is_done in (("ran", True), ("may have run", False)):
        if ran := [change for change in begun if _cannot_be_undone(change) and (change.part in done) is is_done]:
            yield f"{words}, and cannot be undone: {_names(ran)}"
    for words, is_done in (("was created", True), ("may have been created", False)):
        if made := [change for change in begun if _is_new_volume(change) and (change.part in done) is is_done]:
            yield f"{words}, and stays: {_names(made)}"


def _cannot_be_undone(change: Change) -> bool:
    # A service that is not put back is said as what was not taken back.
    return change.undo is Undo.NO and change.domain is not Domain.SERVICES


def _is_new_volume(change: Change) -> bool:
    return change.resource.startswith("volume:") and change.action == "create"


def _names(changes: Sequence[Change]) -> str:
    more = f" and {len(changes) - MOST} more" if len(changes) > MOST else ""
    return ", ".join(change.resource for change in changes[:MOST]) + more
