"""Going on with a deployment whose controller died: the truth from the nodes, then completion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from stems.errors import ApprovalError, UsageError
from stems.infrastructure import journal
from stems.infrastructure.journal import Act, Part, Unfinished
from stems.infrastructure.lock import Held
from stems.lifecycle import records
from stems.lifecycle.approve import require_approval
from stems.lifecycle.deploy import begin, carry_out, record_begin
from stems.lifecycle.look.observe import Observed, known, observe, unknown
from stems.lifecycle.plan import make_plan
from stems.lifecycle.planning import work_for
from stems.lifecycle.progress import ALL_NODES, Event, Phase, Progress, Step
from stems.lifecycle.rollout.locking import locked
from stems.lifecycle.rollout.quiet import wait_here, wait_until_quiet
from stems.lifecycle.rollout.supervised import let_go
from stems.lifecycle.run import Run
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.change import Change, Group
from stems.model.deployment import Deployment, Outcome
from stems.model.person import Person
from stems.model.plan import NodePlan, Plan


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A deployment that did not end: its name and plan, the locks that it left, and what each node wrote down.

    `begun` are the parts that were about to change a node, whatever came of it, `done` those that ended well there.
    """

    identity: str
    plan: str
    held: Mapping[str, Held]
    unfinished: Mapping[str, Unfinished]
    finished: Mapping[str, str]
    begun: Mapping[str, frozenset[Part]] = field(default_factory=dict)
    done: Mapping[str, frozenset[Part]] = field(default_factory=dict)

    @property
    def done_steps(self) -> frozenset[Part]:
        """The group steps that ended well: whoever wrote that down first wrote it for all."""
        return frozenset(part for parts in self.done.values() for part in parts if part[2])


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
        done={name: journal.done_parts(_entries(seen, chosen)) for name, seen in observed.items()},
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
    results = [entry for entry in _entries(seen, identity) if entry.act is Act.RESULT]
    return results[-1].outcome if results else ""


def _begun(seen: Observed, identity: str) -> frozenset[Part]:
    return frozenset(entry.part for entry in _entries(seen, identity) if entry.act is Act.INTENT and entry.tool)


def _entries(seen: Observed, identity: str) -> list[journal.Entry]:
    return [entry for entry in seen.journal.entries if entry.deployment == identity]


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
    left = tuple(change for change in fresh.changes if _wanted(change) in wanted or not _is_later(change, approved))
    if strange := [change for change in left if _wanted(change) not in wanted and not _is_noted(change, approved)]:
        raise ApprovalError(
            f"{approved.node}: {strange[0].action} {strange[0].resource} ({strange[0].risk.value}) is not part of what "
            "was approved",
            remedy="`stems plan` shows what is left to do; approve and deploy that",
        )
    return left


def _is_later(change: Change, approved: NodePlan) -> bool:
    """Whether the plan ended before it: in its domain and tool, at its group step or an earlier one."""
    order = list(Group)
    return any(
        (part.domain, part.tool) == (change.domain, change.tool)
        and order.index(part.group) <= order.index(change.group)
        for part in approved.postponed
    )


def without_done(nodes: Sequence[NodePlan], interrupted: Interrupted) -> tuple[NodePlan, ...]:
    """The same, without parts that ended well: what only ran, and leaves nothing to see, is not run again.

    Where something that can be seen is left of a part, all of it is done again.
    """
    steps = interrupted.done_steps - {change.part for node in nodes for change in node.changes if change.predictable}

    def is_done(node: NodePlan, change: Change) -> bool:
        seen = {other.part for other in node.changes if other.predictable}
        own = interrupted.done.get(node.node, frozenset()) - seen
        return change.part in (own if change.group is Group.NONE else steps)

    return tuple(
        replace(node, changes=tuple(change for change in node.changes if not is_done(node, change))) for node in nodes
    )


def _is_noted(change: Change, approved: NodePlan) -> bool:
    """Whether an apply wrote what was approved and did not come to remember it: that is of no class that matters."""
    names = {(each.domain, each.tool, each.resource, each.after) for each in approved.changes}
    return change.only_noted and (change.domain, change.tool, change.resource, change.after) in names


def _wanted(change: Change) -> tuple[str, ...]:
    return *change.part, change.resource, change.risk.value, change.after


def may_have_run(
    approved: NodePlan, unfinished: Unfinished | None, *, done: Collection[Part] = ()
) -> tuple[Change, ...]:
    """Changes of class unknown that were under way when the controller died: they may have run already."""
    under_way = set(unfinished.under_way) - set(done) if unfinished else set()
    return tuple(change for change in approved.changes if not change.predictable and change.part in under_way)


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
        begun, done = self.interrupted.unfinished, self.interrupted.done_steps
        return tuple(
            change for node in self.plan.nodes for change in may_have_run(node, begun.get(node.node), done=done)
        )

    def carry_on(self, person: Person, progress: Progress) -> Deployment:
        """Take its locks over, see what is left to do, and bring it to its end."""
        require_approval(self.workspace, self.plan, self.approval)
        work = work_for(self.workspace, self.plan.commit, judged=False)
        run = begin(
            self.workspace, work, self.plan, person=person, progress=progress, identity=self.interrupted.identity
        )
        run.outcomes.update(outcomes_so_far(self.plan, self.interrupted))
        run.begun.update({name: set(acts) for name, acts in self.interrupted.begun.items()})
        run.done.update({name: set(acts) for name, acts in self.interrupted.done.items()})
        wait_here(self.workspace.local, run.identity, say=partial(_wait_told, progress, ALL_NODES))
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
        fresh = make_plan(self.workspace, run.work, nodes, purpose=self.plan.purpose, further=self.plan.further)
        for error in fresh.unknown.values():
            raise error
        left = [
            replace(node, changes=remaining(node, fresh.plan.of_node(node.node), begun=node.node in run.outcomes))
            for node in self.plan.nodes
        ]
        return without_done(left, self.interrupted)


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
