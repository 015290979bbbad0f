"""Going on with a deployment whose controller died: the truth from the nodes, then completion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from stems.errors import ApprovalError, UsageError
from stems.infrastructure import journal
from stems.infrastructure.journal import Act, Unfinished
from stems.infrastructure.lock import Held
from stems.lifecycle import records
from stems.lifecycle.approve import require_approval
from stems.lifecycle.deploy import begin, carry_out, record_begin
from stems.lifecycle.locking import locked
from stems.lifecycle.observe import Observed, known, observe, unknown
from stems.lifecycle.plan import make_plan
from stems.lifecycle.planning import work_for
from stems.lifecycle.progress import Event, Phase, Progress, Step
from stems.lifecycle.quiet import wait_until_quiet
from stems.lifecycle.run import Run
from stems.lifecycle.supervised import let_go
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.change import Change
from stems.model.deployment import Deployment, Outcome
from stems.model.person import Person
from stems.model.plan import NodePlan, Plan


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A deployment that did not end: its name and plan, the locks that it left, and what each node wrote down.

    `begun` are the domains and tools that were about to change a node, whatever came of it.
    """

    identity: str
    plan: str
    held: Mapping[str, Held]
    unfinished: Mapping[str, Unfinished]
    finished: Mapping[str, str]
    begun: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)


def find_interrupted(observed: Mapping[str, Observed], identity: str = "") -> Interrupted:
    """What the nodes tell of a deployment that did not end. `identity` chooses one if there are several."""
    held = {name: seen.lock for name, seen in observed.items() if seen.lock and seen.lock.lock}
    begun = {
        name: under_way
        for name, seen in observed.items()
        if (under_way := journal.unfinished(seen.journal.entries)) is not None
    }
    plans = {lock.lock.id: lock.lock.plan for lock in held.values() if lock.lock}
    plans |= {each.deployment: each.plan for each in begun.values()}
    chosen = identity or _only_one(plans)
    if chosen not in plans:
        raise UsageError(f"{chosen}: no node knows of such a deployment under way", remedy="see `stems status`")
    return Interrupted(
        identity=chosen,
        plan=plans[chosen],
        held={name: lock for name, lock in held.items() if lock.lock and lock.lock.id == chosen},
        unfinished={name: each for name, each in begun.items() if each.deployment == chosen},
        finished={name: outcome for name, seen in observed.items() if (outcome := _result(seen, chosen))},
        begun={name: _begun(seen, chosen) for name, seen in observed.items()},
    )


def _only_one(plans: Mapping[str, str]) -> str:
    if not plans:
        raise UsageError("no deployment is under way on any node: nothing to resume", remedy="see `stems history`")
    if len(plans) > 1:
        raise UsageError(
            f"several deployments are under way: {', '.join(sorted(plans))}",
            remedy="name one: `stems deploy --resume ID`",
        )
    return next(iter(plans))


def _result(seen: Observed, identity: str) -> str:
    results = [entry for entry in seen.journal.entries if entry.act is Act.RESULT and entry.deployment == identity]
    return results[-1].outcome if results else ""


def _begun(seen: Observed, identity: str) -> frozenset[tuple[str, str]]:
    acts = [entry for entry in seen.journal.entries if entry.act is Act.INTENT and entry.deployment == identity]
    return frozenset((entry.domain, entry.tool) for entry in acts if entry.tool)


def observe_all(workspace: Workspace) -> dict[str, Observed]:
    """Every node must answer: one that does not may hold the truth."""
    answers = observe(workspace.cluster, workspace.runners(), workspace.cluster.nodes.values())
    for answer in unknown(answers).values():
        raise answer.error
    return known(answers)


def remaining(approved: NodePlan, fresh: NodePlan, *, begun: bool) -> tuple[Change, ...]:
    """What is left to do on a node, if it is nothing but what was approved.

    A node that was not begun must be exactly as planned; the rollout compares it. On one that was, what an apply left
    half-done may have another before-state and need another action: resource, class and after must be those that were
    approved. What became previewable meanwhile was not asked for yet: it has its own round.
    """
    if not begun:
        return approved.changes
    wanted = {_wanted(change) for change in approved.changes}
    later = {(part.domain, part.tool) for part in approved.postponed}
    left = tuple(
        change for change in fresh.changes if _wanted(change) in wanted or (change.domain, change.tool) not in later
    )
    if strange := [change for change in left if _wanted(change) not in wanted and not _is_noted(change, approved)]:
        raise ApprovalError(
            f"{approved.node}: {strange[0].action} {strange[0].resource} ({strange[0].risk.value}) is not part of what "
            "was approved",
            remedy="`stems plan` shows what is left to do; approve and deploy that",
        )
    return left


def _is_noted(change: Change, approved: NodePlan) -> bool:
    """Whether an apply wrote what was approved and did not come to remember it: that is of no class that matters."""
    names = {(each.domain, each.tool, each.resource, each.after) for each in approved.changes}
    return change.only_noted and (change.domain, change.tool, change.resource, change.after) in names


def _wanted(change: Change) -> tuple[str, ...]:
    return change.domain.value, change.tool, change.resource, change.risk.value, change.after


def may_have_run(approved: NodePlan, unfinished: Unfinished | None) -> tuple[Change, ...]:
    """Changes of class unknown that were under way when the controller died: they may have run already."""
    if unfinished is None:
        return ()
    tools = {tool for _, tool in unfinished.under_way if tool}
    return tuple(change for change in approved.changes if not change.predictable and change.tool in tools)


def outcomes_so_far(plan: Plan, interrupted: Interrupted) -> dict[str, Outcome]:
    """What the journals say of each planned node."""
    outcomes = {name: Outcome(outcome) for name, outcome in interrupted.finished.items()}
    outcomes |= {name: Outcome.RUNNING for name in interrupted.unfinished}
    return {node.node: outcomes[node.node] for node in plan.nodes if node.node in outcomes}


@dataclass(frozen=True, slots=True)
class Resumable:
    """A deployment that can go on from here: its plan and approval from the ledger, and how far it came."""

    workspace: Workspace
    interrupted: Interrupted
    plan: Plan
    approval: Approval | None

    @property
    def may_have_run(self) -> tuple[Change, ...]:
        begun = self.interrupted.unfinished
        return tuple(change for node in self.plan.nodes for change in may_have_run(node, begun.get(node.node)))

    def carry_on(self, person: Person, progress: Progress) -> Deployment:
        """Take its locks over, see what is left to do, and bring it to its end."""
        require_approval(self.workspace, self.plan, self.approval)
        work = work_for(self.workspace, self.plan.commit, judged=False)
        run = begin(
            self.workspace, work, self.plan, person=person, progress=progress, identity=self.interrupted.identity
        )
        run.outcomes.update(outcomes_so_far(self.plan, self.interrupted))
        run.begun.update({name: set(acts) for name, acts in self.interrupted.begun.items()})
        for name in self.interrupted.held.keys() | self.interrupted.unfinished.keys():
            say = partial(_wait_told, progress, name)
            wait_until_quiet(run.runners[name], run.node(name), run.identity, say=say)
            let_go(run.runners[name], run.node(name))
        with locked(run, f"resume {self.plan.purpose}", host=person.machine, seen=self.interrupted.held):
            left = self._left(run)
            if records.deployment_of(self.workspace, self.plan.digest) is None:
                # Its controller died between the locks and the ledger.
                record_begin(run, self.approval)
            return carry_out(replace(run, nodes=left))

    def _left(self, run: Run) -> tuple[NodePlan, ...]:
        """The planned nodes with what is left to do on them."""
        nodes = [run.node(node.node) for node in self.plan.nodes]
        fresh = make_plan(self.workspace, run.work, nodes, purpose=self.plan.purpose)
        for error in fresh.unknown.values():
            raise error
        return tuple(
            replace(node, changes=remaining(node, fresh.plan.of_node(node.node), begun=node.node in run.outcomes))
            for node in self.plan.nodes
        )


def _wait_told(progress: Progress, name: str, text: str) -> None:
    progress(Event(name, Step.IDENTITY, Phase.NOTE, text))


def resume_deployment(workspace: Workspace, identity: str = "") -> Resumable:
    """Find a deployment that did not end, and what the ledger of any node says of it."""
    observed = observe_all(workspace)
    interrupted = find_interrupted(observed, identity)
    homes = {name: seen.facts.home for name, seen in observed.items()}
    records.gather(workspace, homes)
    plan = records.plan(workspace, interrupted.plan)
    records.bring_commit(workspace, plan.commit, homes)
    return Resumable(workspace, interrupted, plan, records.approval(workspace, plan.digest))
