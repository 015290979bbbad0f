"""Going on with a deployment whose controller died: the truth from the nodes, then completion."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from stems.errors import ApprovalError, UsageError
from stems.infrastructure import journal
from stems.infrastructure.journal import Act, Unfinished
from stems.infrastructure.lock import Held
from stems.infrastructure.runner import NodeRunner
from stems.infrastructure.running import accounts, end_command, still_running
from stems.lifecycle import records
from stems.lifecycle.approve import require_approval
from stems.lifecycle.deploy import begin, carry_out
from stems.lifecycle.locking import locked
from stems.lifecycle.observe import Observed, known, observe, unknown
from stems.lifecycle.plan import make_plan
from stems.lifecycle.planning import work_for
from stems.lifecycle.progress import Progress
from stems.lifecycle.run import Person, Run
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.change import Change
from stems.model.deployment import Deployment, Outcome
from stems.model.node import Node
from stems.model.plan import NodePlan, Plan

PATIENCE = 120.0
_INTERVAL = 2.0


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A deployment that did not end: its name and plan, the locks that it left, and what each node wrote down."""

    identity: str
    plan: str
    held: Mapping[str, Held]
    unfinished: Mapping[str, Unfinished]
    finished: Mapping[str, str]


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


def observe_all(workspace: Workspace) -> dict[str, Observed]:
    """Every node must answer: one that does not may hold the truth."""
    answers = observe(workspace.cluster, workspace.runners(), workspace.cluster.nodes.values())
    for answer in unknown(answers).values():
        raise answer.error
    return known(answers)


def wait_for_what_runs(runner: NodeRunner, node: Node, identity: str) -> None:
    """Wait until nothing of the deployment runs on a node any more, and end it when it does not end by itself."""
    end = time.monotonic() + PATIENCE
    while still_running(runner, node, identity):
        if time.monotonic() > end:
            for hard in (False, True):
                for account in accounts(node):
                    runner.run(end_command(identity, hard=hard, account=account))
                time.sleep(_INTERVAL)
            return
        time.sleep(_INTERVAL)


def remaining(approved: NodePlan, fresh: NodePlan, *, begun: bool) -> tuple[Change, ...]:
    """What is left to do on a node, if it is nothing but what was approved.

    A node that was not begun must be exactly as planned; the rollout compares it. On one that was, what an apply left
    half-done may have another before-state: resource, action and after must be those that were approved.
    """
    if not begun:
        return approved.changes
    wanted = {(change.tool, change.resource, change.after) for change in approved.changes}
    strange = [change for change in fresh.changes if (change.tool, change.resource, change.after) not in wanted]
    if strange:
        raise ApprovalError(
            f"{approved.node}: {strange[0].action} {strange[0].resource} is not part of what was approved",
            remedy="release the lock with `stems unlock`, then plan and approve anew",
        )
    return fresh.changes


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
        for name in self.interrupted.held.keys() | self.interrupted.unfinished.keys():
            wait_for_what_runs(run.runners[name], run.node(name), run.identity)
        with locked(run, f"resume {self.plan.purpose}", host=person.machine, seen=self.interrupted.held):
            return carry_out(replace(run, nodes=self._left(run)))

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


def resume_deployment(workspace: Workspace, identity: str = "") -> Resumable:
    """Find a deployment that did not end, and what the ledger of any node says of it."""
    observed = observe_all(workspace)
    interrupted = find_interrupted(observed, identity)
    homes = {name: seen.facts.home for name, seen in observed.items()}
    records.gather(workspace, homes)
    plan = records.plan(workspace, interrupted.plan)
    records.bring_commit(workspace, plan.commit, homes)
    return Resumable(workspace, interrupted, plan, records.approval(workspace, plan.digest))
