"""Group steps where a deployment needs several rounds: one comes in the first of them, the other in the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stems.model.change import Group
from stems.model.plan import NodePlan, Postponed

REASON = "after the last node"


def hold_back_last(nodes: Sequence[NodePlan]) -> tuple[NodePlan, ...]:
    """The same plans, without that step where a node is not there yet, or where what it misses may still come.

    Where nothing but the step itself can bring what it misses, it is done as far as it can be seen.
    """
    last = [change for node in nodes for change in node.part(Group.LAST)]
    blocked = [part for node in nodes for part in node.postponed if part.group is Group.LAST]
    may_come = any(change.predictable and change.group is not Group.LAST for node in nodes for change in node.changes)
    waits = any(node.ends_early for node in nodes) or (bool(blocked) and may_come)
    if not waits or not (last or blocked):
        return tuple(nodes)
    names = [*((each.domain, each.tool) for each in last), *((each.domain, each.tool) for each in blocked)]
    domain, tool = names[0]
    return tuple(_without_last(node, Postponed(domain, tool, REASON, Group.LAST)) for node in nodes)


def without_first(nodes: Sequence[NodePlan]) -> tuple[NodePlan, ...]:
    """The same plans for a further round, without what only runs before the first node: it ran.

    Where something of that step can be seen to be left, all of it is done again.
    """
    left = [change for node in nodes for change in node.part(Group.FIRST) if change.predictable]
    left_out = [part for node in nodes for part in node.postponed if part.group is Group.FIRST]
    if left or left_out:
        return tuple(nodes)
    return tuple(
        replace(node, changes=tuple(change for change in node.changes if change.group is not Group.FIRST))
        for node in nodes
    )


def _without_last(node: NodePlan, waiting: Postponed) -> NodePlan:
    changes = tuple(change for change in node.changes if change.group is not Group.LAST)
    earlier = tuple(part for part in node.postponed if part.group is not Group.LAST)
    return replace(node, changes=changes, postponed=(*earlier, waiting))
