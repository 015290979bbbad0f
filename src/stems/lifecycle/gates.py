"""Which changes a person must approve, and whether what would happen is what was approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from stems.errors import ApprovalError, ToolError
from stems.model.change import Change, Risk
from stems.model.cluster import Cluster, Gates
from stems.model.node import Privilege
from stems.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Difference:
    """How a fresh preview differs from what was approved: changes that appeared, and changes that are gone."""

    appeared: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.appeared or self.gone)

    def lines(self) -> list[str]:
        """A line for each resource: what appeared, what is gone, and what is not as it was approved."""
        now = {_name(change): change for change in self.appeared}
        before = {_name(change): change for change in self.gone}
        return [
            *(_moved(before[name], now[name]) for name in now if name in before),
            *(f"{_title(change)} was not approved" for name, change in now.items() if name not in before),
            *(f"{_title(change)} is no longer there" for name, change in before.items() if name not in now),
        ]


def _name(change: Change) -> tuple[str, str, str]:
    return change.node, change.tool, change.resource


def _title(change: Change) -> str:
    return f"{change.node}: {change.action} {change.resource}"


def _moved(approved: Change, now: Change) -> str:
    if approved.action != now.action:
        return f"{_title(approved)} was approved, now it is {now.action}"
    if approved.before != now.before:
        return f"{_title(approved)} was approved, but what is there was changed since"
    return f"{_title(approved)} was approved, but with another result or class"


def awaiting_approval(plan: Plan, gates: Gates) -> tuple[Change, ...]:
    """The changes that do not go by themselves."""
    return tuple(change for change in plan.changes() if gates.needs_approval(change.risk))


def difference(approved: Iterable[Change], fresh: Iterable[Change]) -> Difference:
    """Compare by resource, action, class, before and after; never by diff text."""
    approved, fresh = tuple(approved), tuple(fresh)
    return Difference(appeared=_besides(fresh, approved), gone=_besides(approved, fresh))


def _besides(changes: Iterable[Change], others: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that have no counterpart; what was approved once is not approved twice."""
    counterparts = Counter(change.identity for change in others)
    found = []
    for change in changes:
        if counterparts[change.identity]:
            counterparts[change.identity] -= 1
        else:
            found.append(change)
    return tuple(found)


def require_same(approved: Iterable[Change], fresh: Iterable[Change], *, when: str) -> None:
    """Stop when what would happen is not what was approved."""
    found = difference(approved, fresh)
    if found:
        raise ApprovalError(
            f"the nodes moved since this plan was made ({when})",
            said="\n".join(found.lines()[:10]),
            remedy="see what changed with `stems plan`, then approve that",
        )


def require_supervision(plan: Plan, cluster: Cluster) -> None:
    """Refuse what could cut the way in where the supervisor could not put it back: it needs root."""
    for change in plan.changes():
        if change.risk is Risk.NETWORK and cluster.nodes[change.node].privilege is Privilege.NONE:
            raise ToolError(
                f"{change.node}: {change.action} {change.resource} could cut the way in, so it is not deployed",
                remedy="the supervisor that would put it back needs root: set `privilege` of the node to sudo, or "
                "make this change by hand at the console, then run `stems plan`",
            )
