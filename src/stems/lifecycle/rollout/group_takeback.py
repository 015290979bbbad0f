"""What taking back means for group steps: those of the earlier commit are repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stems.errors import StemsError
from stems.lifecycle.jobs import Work
from stems.lifecycle.progress import ALL_NODES, Step, told
from stems.lifecycle.run import Run
from stems.model.change import Group
from stems.model.plan import NodePlan
from stems.tools.base import group_tool


def begun_steps(run: Run, nodes: Sequence[NodePlan]) -> list[Group]:
    """The group steps that were begun on one of the nodes, the last one first."""
    begun = {group for node in nodes for _, _, group in run.begun.get(node.node, ())}
    return [group for group in (Group.LAST, Group.FIRST) if group.value in begun]


def with_earlier_steps(run: Run, nodes: Sequence[NodePlan]) -> dict[str, list[NodePlan]]:
    """The nodes for which the steps of an earlier commit are repeated, by that commit.

    What ran before a further round or a repair is the very commit that failed.
    """
    found: dict[str, list[NodePlan]] = {}
    for node in nodes if begun_steps(run, nodes) else ():
        if node.deployed not in ("", run.plan.commit):
            found.setdefault(node.deployed, []).append(node)
    return found


def replay_steps(run: Run, nodes: Sequence[NodePlan], previous: Work) -> Iterator[str]:
    """Repeat them as the commit has them that ran on these nodes, so that its handlers run.

    Each node is put back after it. What broke the deployment may break this too, and must not keep the before-states
    from being put back.
    """
    steps = begun_steps(run, nodes)
    sites = [
        run.site(node.node, previous.commit) for node in run.in_order() if node.node in {each.node for each in nodes}
    ]
    for group in steps:
        for entry in previous.entries:
            tool = group_tool(entry.tool)
            if not tool:
                continue
            try:
                with told(run.progress, ALL_NODES, Step.TAKE_BACK):
                    tool.apply_group(entry.to_apply(run.identity, run.workspace.local, part=group), sites, {})
            except StemsError as error:
                problem = "what the earlier commit does once for all could not be repeated"
                yield f"{entry.tool.NAME}: {problem}: {error.problem}"
