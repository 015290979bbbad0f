"""Taking a deployment back: each touched node as it was before, by the tools' before-states and a replay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from stems.errors import StemsError
from stems.infrastructure.guards import previewing
from stems.infrastructure.journal import Act
from stems.lifecycle.jobs import Entry, Work, prepare
from stems.lifecycle.look import health
from stems.lifecycle.plan import required
from stems.lifecycle.previewing.preview import preview_all
from stems.lifecycle.progress import Event, Phase, Step, told
from stems.lifecycle.records import bring_commit
from stems.lifecycle.run import Run
from stems.lifecycle.targets import cluster_for
from stems.model.change import Change, Domain, Group, Undo
from stems.model.cluster import OnFailure
from stems.model.deployment import Outcome
from stems.model.plan import NodePlan
from stems.tools.git import checkout


def touched(run: Run) -> tuple[NodePlan, ...]:
    """The nodes on which this deployment may have changed something, the last one first."""
    began = [node for node in run.in_order() if run.outcomes.get(node.node) in (Outcome.RUNNING, Outcome.DEPLOYED)]
    # What is to be taken back is all that was approved for a node, not what was left to do when it was resumed.
    return tuple(run.plan.of_node(node.node) for node in reversed(began))


def to_take_back(run: Run) -> tuple[NodePlan, ...]:
    """Which of them `rollout.on_failure` takes back."""
    policy = run.cluster.rollout.on_failure
    if policy is OnFailure.REVERT:
        return touched(run)
    if policy is OnFailure.REVERT_NODE:
        return tuple(node for node in touched(run) if run.outcomes[node.node] is Outcome.RUNNING)
    return ()


def lasting(run: Run, node: NodePlan) -> tuple[Change, ...]:
    """Services that were about to change here for good: an older image might not read what a newer one wrote."""
    begun = run.begun.get(node.node, ())
    return tuple(
        change
        for change in node.changes
        if change.domain is Domain.SERVICES and change.undo is Undo.NO and change.part in begun
    )


def forget(run: Run) -> None:
    """Nodes that had nothing to change run, where all is taken back, what they ran before."""
    if run.cluster.rollout.on_failure is not OnFailure.REVERT:
        return
    for node in run.in_order():
        if run.outcomes.get(node.node) is Outcome.UNCHANGED and node.deployed != run.plan.commit:
            # One that went away keeps the name of a commit that says the same of it.
            with suppress(StemsError):
                run.write(node, Act.RESULT, outcome=Outcome.TAKEN_BACK.value)


def take_back(run: Run, node: NodePlan, replayed: Sequence[str] = ()) -> tuple[str, ...]:
    """Take one node back. Returns what could not be put back, a line each; none means that it is as it was.

    `replayed` is what went wrong where the group steps of the earlier commit were repeated.
    """
    with told(run.progress, node.node, Step.TAKE_BACK):
        previous, unknown = previous_work(run, node)
        left = (*replayed, *unknown, *_take_back(run, node, previous))
        _settle(run, node, previous)
        for line in left:
            run.progress(Event(node.node, Step.TAKE_BACK, Phase.NOTE, line))
    outcome = Outcome.TAKING_BACK_FAILED if left else Outcome.TAKEN_BACK
    run.write(node, Act.RESULT, outcome=outcome.value)
    run.outcomes[node.node] = outcome
    return left


def _settle(run: Run, node: NodePlan, previous: Work | None) -> None:
    """Wait for the services that were put back. One that stays ill is said, no failure: it may have been so before."""
    if previous is None or not any(change.domain is Domain.SERVICES for change in node.changes):
        return
    try:
        remade = health.remade_services(node.changes)
        health.wait_until_healthy(previous.cluster, run.node(node.node), run.runners[node.node], remade=remade)
    except StemsError as error:
        run.progress(Event(node.node, Step.TAKE_BACK, Phase.NOTE, f"{error.problem}: {error.said}"))


def _take_back(run: Run, node: NodePlan, previous: Work | None) -> Iterator[str]:
    domains = [domain for domain in reversed(Domain) if any(change.domain is domain for change in node.changes)]
    for domain in domains:
        try:
            yield from _restore_domain(run, node, domain, previous)
        except StemsError as error:
            yield f"{domain.value}: {error.problem}"
    # A further round of one commit, or a repair of it: its preview says what is missing, as it did before.
    if previous and previous.commit != run.plan.commit:
        yield from _still_different(run, node, previous, domains)


def previous_work(run: Run, node: NodePlan) -> tuple[Work | None, tuple[str, ...]]:
    """The commit that ran there before, made ready; None when there was none. Or why it cannot be had."""
    if not node.deployed:
        return None, ()
    try:
        bring_commit(run.workspace, node.deployed, run.homes)
        target = run.workspace.cluster_at(node.deployed)
        return prepare(run.workspace, node.deployed, cluster_for(run.workspace.cluster, target)), ()
    except StemsError as error:
        return None, (f"what ran before cannot be compared: {error.problem}",)


def _restore_domain(run: Run, node: NodePlan, domain: Domain, previous: Work | None) -> Iterator[str]:
    place = run.site(node.node, node.deployed)
    if domain is Domain.SERVICES:
        yield from checkout.restore(place, deployment=run.identity)
    for entry in run.work.entries:
        if entry.domain is not domain or not any(change.tool == entry.tool.NAME for change in node.changes):
            continue
        is_begun = (domain.value, entry.tool.NAME, Group.NONE.value) in run.begun.get(node.node, ())
        if domain is Domain.SYSTEM and previous and is_begun:
            yield from _replay(run, node, entry, previous)
        yield from entry.tool.restore(entry.to_apply(run.identity, run.workspace.local), place)


def _replay(run: Run, node: NodePlan, entry: Entry, previous: Work) -> Iterator[str]:
    """Apply the earlier commit's system domain, so that its handlers run; the before-state is put back after it.

    What broke the deployment may break this too, and must not keep the before-state from being put back.
    """
    for earlier in previous.entries:
        if earlier.tool is entry.tool and earlier.domain is entry.domain:
            job = earlier.to_apply(run.identity, run.workspace.local)
            try:
                earlier.tool.apply(job, run.site(node.node, previous.commit), ())
            except StemsError as error:
                yield f"{entry.tool.NAME}: the earlier commit could not be applied again: {error.problem}"


def _still_different(run: Run, node: NodePlan, previous: Work, domains: list[Domain]) -> Iterator[str]:
    """What a preview of the earlier commit would still change among what this deployment changed."""
    place = replace(run.site(node.node, previous.commit), runner=previewing(run.runners[node.node]))
    # What was edited by hand before the deployment is so again, and a preview calls it a difference.
    changed = {(change.tool, change.resource) for change in node.changes if not change.by_hand}
    try:
        answers = preview_all(run.workspace, previous, [place], domains=domains)[node.node]
        for _, _, answer in answers:
            for change in required(answer).changes:
                if change.predictable and (change.tool, change.resource) in changed:
                    yield f"{change.tool}: {change.resource} still differs"
    except StemsError as error:
        yield f"cannot be verified: {error.problem}"
