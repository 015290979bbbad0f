"""The changes of one node by group step: each step is compared, applied and verified by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stems.errors import ToolError
from stems.model.change import Change, Group
from stems.tools.ansible.changes import changes_of, unnumbered
from stems.tools.ansible.events import Outcome
from stems.tools.ansible.views import ORDER, Views
from stems.tools.base import Job


def changes_by_step(
    job: Job, node: str, views: Views, known: Mapping[str, str]
) -> tuple[dict[Group, tuple[Change, ...]], frozenset[str]]:
    """The changes of a node, and the resources of those whose digests must be keyed."""
    told: dict[Group, tuple[Change, ...]] = {}
    secret: frozenset[str] = frozenset()
    for group in ORDER:
        changes, held = changes_of(_outcomes(job, node, views, group), root=job.tree.root, known=known)
        earlier = [change for part in told.values() for change in part]
        told[group] = tuple(_not_repeated([replace(change, group=group) for change in changes], earlier))
        secret |= held
    return told, secret


def _outcomes(job: Job, node: str, views: Views, group: Group) -> Iterator[Outcome]:
    """What is done on no node is carried by the first one."""
    order = (each.name for each in job.cluster.in_rollout_order())
    if node == next(name for name in order if name in views.nodes):
        for machine, view in views.elsewhere.items():
            for outcome in view.outcomes[group]:
                yield replace(outcome, node=node, delegated=outcome.delegated or machine)
    yield from views.nodes[node].outcomes[group]


def _not_repeated(changes: Sequence[Change], earlier: Sequence[Change]) -> Iterator[Change]:
    """Without what an earlier step does as well: once that is applied, this one finds nothing to do.

    Of a file that two steps make different nothing could be compared before the second.
    """
    done = {(unnumbered(change.resource), change.action, change.after) for change in earlier if change.predictable}
    files = {unnumbered(change.resource): change for change in earlier if change.resource.startswith("file:")}
    for change in changes:
        if change.predictable and (unnumbered(change.resource), change.action, change.after) in done:
            continue
        other = files.get(unnumbered(change.resource))
        if other and change.predictable:
            raise ToolError(
                f"{change.node}: {unnumbered(change.resource)} is changed at {other.source} and, in another step, at "
                f"{change.source}",
                remedy="put both tasks into one play: each step is compared by itself before it is applied",
            )
        yield change
