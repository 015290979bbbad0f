"""One node's part of a deployment: identity, comparison, journal, apply, verify, health, result."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace

from stems.errors import ApprovalError, StemsError, ToolError
from stems.infrastructure.guards import previewing
from stems.infrastructure.journal import Act
from stems.lifecycle.gates import require_same
from stems.lifecycle.jobs import Entry
from stems.lifecycle.look import health
from stems.lifecycle.look.observe import known, observe, unknown
from stems.lifecycle.look.paused import without_paused
from stems.lifecycle.plan import required
from stems.lifecycle.previewing.preview import preview_all
from stems.lifecycle.progress import Event, Phase, Step, told
from stems.lifecycle.rollout.supervised import supervised
from stems.lifecycle.run import STEPS, Run
from stems.model.change import Change, Domain, Group
from stems.model.deployment import Outcome
from stems.model.plan import NodePlan, Postponed
from stems.tools.git import checkout
from stems.tools.registry import service_tools_of


def roll_out_node(run: Run, node: NodePlan) -> None:
    """Bring one node to the plan's commit. Raises at the first step that fails; the journal says how far it came."""
    require_identity(run, node)
    if not node.changes and node.node not in run.outcomes:
        finish(run, node, Outcome.UNCHANGED)
        return
    begin_node(run, node)
    for domain in Domain:
        _apply_domain(run, node, domain)
    with told(run.progress, node.node, Step.VERIFY):
        verify(run, node)
    with told(run.progress, node.node, Step.HEALTH):
        wait_healthy(run, node)
    if node.part(Group.LAST):
        # Its result is written when that was done.
        run.outcomes[node.node] = Outcome.DEPLOYED
    else:
        finish(run, node, Outcome.DEPLOYED)


def begin_node(run: Run, node: NodePlan) -> None:
    run.outcomes[node.node] = Outcome.RUNNING
    run.write(node, Act.INTENT)


def require_identity(run: Run, node: NodePlan) -> None:
    """The machine behind the name must be the one that was planned for."""
    with told(run.progress, node.node, Step.IDENTITY):
        require_machines(run, [node])


def require_machines(run: Run, nodes: Sequence[NodePlan]) -> None:
    answers = observe(run.cluster, run.runners, [run.node(node.node) for node in nodes])
    for answer in unknown(answers).values():
        raise answer.error
    for node in nodes:
        seen = known(answers)[node.node].facts.machine_id
        if seen != node.machine_id:
            raise ApprovalError(
                f"{node.node}: another machine answers (machine-id {seen[:8]}, planned for {node.machine_id[:8]})",
                remedy="if it was replaced on purpose, plan again",
            )


def _apply_domain(run: Run, node: NodePlan, domain: Domain) -> None:
    changes = [change for change in node.part(Group.NONE) if change.domain is domain]
    step = STEPS[domain]
    if not changes:
        run.progress(Event(node.node, step, Phase.SKIPPED))
        return
    with told(run.progress, node.node, step):
        if (node.node, domain) not in run.compared:
            require_same(changes, fresh_changes(run, node, [domain]), when=f"just before {domain.value} on {node.node}")
        with supervised(run, node, domain, changes):
            if domain is Domain.SERVICES:
                _act(run, node, checkout.NAME, domain, lambda part: _move_checkout(run, node, part))
            for entry in run.work.entries:
                if entry.domain is domain:
                    _act_with(run, node, entry)


def _act(run: Run, node: NodePlan, tool: str, domain: Domain, apply: Callable[[Sequence[Change]], None]) -> None:
    """Write down what is about to happen, do it, write down how it ended."""
    own = [change for change in node.part(Group.NONE) if (change.domain, change.tool) == (domain, tool)]
    if not own:
        return
    part = own[0].part
    run.write(node, Act.INTENT, part)
    run.begun.setdefault(node.node, set()).add(part)
    try:
        apply(own)
    except StemsError:
        # A node that went away cannot write it down; the intent without an end says it.
        with suppress(StemsError):
            run.write(node, Act.FAILED, part)
        raise
    run.done.setdefault(node.node, set()).add(part)
    run.write(node, Act.DONE, part)


def _move_checkout(run: Run, node: NodePlan, part: Sequence[Change]) -> None:
    checkout.apply(run.site(node.node), part, target=run.plan.commit, deployment=run.identity)


def _act_with(run: Run, node: NodePlan, entry: Entry) -> None:
    blocked = next((part.reason for part in _later(node) if part.tool == entry.tool.NAME), "")
    job = entry.to_apply(run.identity, run.workspace.local, blocked=blocked)
    _act(run, node, entry.tool.NAME, entry.domain, lambda part: entry.tool.apply(job, run.site(node.node), part))


def fresh_changes(run: Run, node: NodePlan, domains: Collection[Domain]) -> tuple[Change, ...]:
    """What the tools of some domains would change on the node now; the plan's end is where this ends, too."""
    begun = {(change.domain, change.tool) for change in node.part(Group.NONE)}
    later = {(part.domain, part.tool) for part in _later(node)} - begun
    place = run.site(node.node)
    guarded = replace(place, runner=previewing(run.runners[node.node]))
    answers = preview_all(run.workspace, run.work, [guarded], domains=domains, part=Group.NONE)[node.node]
    changes: list[Change] = []
    for tool, domain, answer in answers:
        # What an earlier part of this very deployment made previewable was not approved yet: it has its own round.
        if (domain, tool) in later:
            break
        preview = required(answer)
        changes += preview.changes
        if preview.blocked:
            break
    return without_paused(run.cluster, changes, purpose=run.plan.purpose)


def verify(run: Run, node: NodePlan) -> None:
    """A new preview of what was applied has no predictable change left."""
    later = {part.domain for part in _later(node)}
    applied = {change.domain for change in node.part(Group.NONE)} - later
    still = [change for change in fresh_changes(run, node, applied) if change.predictable]
    if still:
        raise ToolError(
            f"{node.node}: applied, but {count(still)} still there",
            said="\n".join(f"{change.tool}: {change.action} {change.resource}" for change in still),
            remedy="something undoes it, or the tool cannot reach its own target; apply it by hand once to see",
        )


def _later(node: NodePlan) -> list[Postponed]:
    """What of the node itself is left for a later round; what comes after the last node is not of it."""
    return [part for part in node.postponed if part.group is not Group.LAST]


def count(changes: Sequence[Change]) -> str:
    return f"{len(changes)} change is" if len(changes) == 1 else f"{len(changes)} changes are"


def wait_healthy(run: Run, node: NodePlan) -> None:
    """Well for the whole health window, or an error with the last lines of what is not."""
    if node.ends_early:
        return
    declared = run.node(node.node)
    try:
        health.wait_until_healthy(
            run.cluster,
            declared,
            run.runners[node.node],
            remade=health.remade_services(node.changes),
            say=lambda text: run.progress(Event(node.node, Step.HEALTH, Phase.NOTE, text)),
        )
    except health.NotHealthyError as error:
        error.said = "\n".join([error.said, *_last_lines(run, node, error.services)])
        raise


def _last_lines(run: Run, node: NodePlan, services: Sequence[str]) -> list[str]:
    lines: list[str] = []
    jobs = {entry.tool.NAME: entry.job for entry in run.work.entries}
    for tool in service_tools_of(run.cluster):
        for name in services:
            if run.cluster.services[name].tool == tool.NAME:
                with suppress(StemsError):
                    lines += tool.last_lines(jobs[tool.NAME], run.site(node.node), name).splitlines()
    return lines


def finish(run: Run, node: NodePlan, outcome: Outcome) -> None:
    """Write the result: from here on the node runs the plan's commit."""
    if outcome is not Outcome.UNCHANGED or node.deployed != run.plan.commit:
        run.write(node, Act.RESULT, outcome=outcome.value)
    run.outcomes[node.node] = outcome
