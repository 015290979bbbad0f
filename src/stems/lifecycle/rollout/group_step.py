"""A group step of a deployment: what is applied once for all nodes, compared, kept and verified like a node's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

from stems.errors import StemsError, ToolError
from stems.infrastructure.guards import previewing
from stems.infrastructure.journal import Act
from stems.lifecycle.gates import require_same
from stems.lifecycle.jobs import Entry
from stems.lifecycle.plan import required
from stems.lifecycle.previewing.preview import preview_all
from stems.lifecycle.progress import ALL_NODES, Step, told
from stems.lifecycle.rollout.node import begin_node, count, finish, require_machines, wait_healthy
from stems.lifecycle.rollout.supervised import supervised
from stems.lifecycle.run import Run
from stems.model.change import Change, Domain, Group
from stems.model.deployment import Outcome
from stems.model.plan import NodePlan
from stems.tools.base import group_tool

WHEN = {Group.FIRST: "before the first node", Group.LAST: "after the last node"}


def apply_group(run: Run, group: Group) -> None:
    """Make the changes of one group step on all nodes. What it changes on a node can be taken back with that node."""
    nodes = [node for node in run.in_order() if node.part(group)]
    if not nodes:
        return
    with told(run.progress, ALL_NODES, Step.GROUP):
        require_machines(run, run.in_order())
        if (ALL_NODES, Domain.SYSTEM) not in run.compared:
            approved = [change for node in nodes for change in node.part(group)]
            require_same(approved, _fresh_changes(run, group), when=f"just before what comes {WHEN[group]}")
        run.compared.discard((ALL_NODES, Domain.SYSTEM))
        for entry in run.work.entries:
            _act(run, group, entry, nodes)
    if group is Group.LAST:
        for node in nodes:
            with told(run.progress, node.node, Step.HEALTH):
                wait_healthy(run, node)
            finish(run, node, Outcome.DEPLOYED)


def _act(run: Run, group: Group, entry: Entry, nodes: Sequence[NodePlan]) -> None:
    """Write down on every node what is about to happen, do it once, write down how it ended."""
    changes = {node.node: _of_tool(node, group, entry) for node in nodes}
    touched = [node for node in nodes if changes[node.node]]
    tool = group_tool(entry.tool)
    if not touched or not tool:
        return
    part = (entry.domain.value, entry.tool.NAME, group.value)
    for node in touched:
        begin_node(run, node)
        run.write(node, Act.INTENT, part)
        run.begun.setdefault(node.node, set()).add(part)
    blocked = next((each.reason for node in run.nodes for each in node.postponed if each.group is group), "")
    job = entry.to_apply(run.identity, run.workspace.local, blocked=blocked, part=group)
    try:
        with _supervised(run, group, touched):
            tool.apply_group(job, [run.site(node.node) for node in run.in_order()], changes)
        if not blocked:
            _verify(run, group)
    except StemsError:
        for node in touched:
            # A node that went away cannot write it down; the intent without an end says it.
            with suppress(StemsError):
                run.write(node, Act.FAILED, part)
        raise
    for node in touched:
        run.done.setdefault(node.node, set()).add(part)
        run.write(node, Act.DONE, part)


def _of_tool(node: NodePlan, group: Group, entry: Entry) -> tuple[Change, ...]:
    return tuple(
        change for change in node.part(group) if (change.domain, change.tool) == (entry.domain, entry.tool.NAME)
    )


@contextmanager
def _supervised(run: Run, group: Group, nodes: Sequence[NodePlan]) -> Iterator[None]:
    """Every node that changes watches its own way in."""
    with ExitStack() as watches:
        for node in nodes:
            watches.enter_context(supervised(run, node, Domain.SYSTEM, node.part(group)))
        yield


def _fresh_changes(run: Run, group: Group) -> list[Change]:
    """What the step would change now, on all nodes."""
    sites = [replace(run.site(node.node), runner=previewing(run.runners[node.node])) for node in run.in_order()]
    answers = preview_all(run.workspace, run.work, sites, domains=[Domain.SYSTEM], part=group)
    found = [change for told in answers.values() for _, _, answer in told for change in required(answer).changes]
    return [change for change in found if change.group is group]


def _verify(run: Run, group: Group) -> None:
    still = [change for change in _fresh_changes(run, group) if change.predictable]
    if still:
        raise ToolError(
            f"what comes {WHEN[group]} was applied, but {count(still)} still there",
            said="\n".join(f"{change.node}: {change.tool}: {change.action} {change.resource}" for change in still),
            remedy="something undoes it, or the tool cannot reach its own target; apply it by hand once to see",
        )
