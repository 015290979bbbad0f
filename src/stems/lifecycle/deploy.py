"""Deploying a plan: lock, compare, record, roll out node by node, and take back what failed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from stems.errors import ApprovalError, StemsError, TakenBackError, TakingBackFailedError, ToolError
from stems.infrastructure.journal import Act
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle import records
from stems.lifecycle.approve import require_approval, require_usable
from stems.lifecycle.gates import require_no_network, require_same
from stems.lifecycle.jobs import Work
from stems.lifecycle.locking import locked
from stems.lifecycle.node_rollout import roll_out_node
from stems.lifecycle.observe import known, observe, unknown
from stems.lifecycle.plan import make_plan
from stems.lifecycle.progress import Progress
from stems.lifecycle.run import Person, Run, new_identity
from stems.lifecycle.takeback import keeps_migrated_data, take_back, to_take_back
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.deployment import Deployment, Outcome
from stems.model.plan import NodePlan, Plan


def deploy(
    workspace: Workspace, work: Work, plan: Plan, approval: Approval | None, *, person: Person, progress: Progress
) -> Deployment:
    """Make the nodes what `plan` says. Raises when it is not approved, not current any more, or fails."""
    require_usable(workspace, plan)
    require_approval(workspace, plan, approval)
    require_no_network(plan)
    run = begin(workspace, work, plan, person=person, progress=progress)
    with locked(run, plan.purpose, host=person.machine):
        # Another clone may have used this plan, or another list of approvers may count since.
        records.gather(workspace, run.homes)
        require_usable(workspace, plan)
        require_approval(workspace, plan, approval)
        require_current(run)
        records.begin(run, approval)
        return carry_out(run)


def begin(
    workspace: Workspace, work: Work, plan: Plan, *, person: Person, progress: Progress, identity: str = ""
) -> Run:
    """A run with a name of its own, or that of the deployment that it resumes."""
    name = identity or new_identity()
    runners = {node.node: workspace.runner(workspace.node(node.node), run_id=name) for node in plan.nodes}
    return Run(
        workspace=workspace,
        work=work,
        plan=plan,
        identity=name,
        who=str(person),
        homes=homes_of(workspace, runners),
        runners=runners,
        progress=progress,
        nodes=plan.nodes,
    )


def homes_of(workspace: Workspace, runners: Mapping[str, NodeRunner]) -> dict[str, str]:
    """The home folder on each node. All must answer."""
    answers = observe(workspace.cluster, runners, [workspace.node(name) for name in runners])
    for answer in unknown(answers).values():
        raise answer.error
    return {name: seen.facts.home for name, seen in known(answers).items()}


def require_current(run: Run) -> None:
    """Preview every target once more, now that nobody else can deploy: nothing may have moved."""
    nodes = [run.node(node.node) for node in run.in_order()]
    fresh = make_plan(run.workspace, run.work, nodes, purpose=run.plan.purpose)
    for error in fresh.unknown.values():
        raise error
    for node in run.plan.nodes:
        now = fresh.plan.of_node(node.node)
        if now.deployed != node.deployed:
            raise ApprovalError(
                f"{node.node}: another commit was deployed since this plan was made",
                remedy="see what changed with `stems plan`, then approve that",
            )
    require_same(run.plan.changes(), fresh.plan.changes(), when="before anything was applied")


def carry_out(run: Run) -> Deployment:
    """Roll out, take back if that fails, and record how it ended."""
    try:
        roll_out(run)
    except (StemsError, KeyboardInterrupt) as error:
        reason = error.problem if isinstance(error, StemsError) else "interrupted"
        failure = after_failure(run, reason, error if isinstance(error, StemsError) else None)
        records.end(run, failure.outcome, reason)
        if isinstance(error, KeyboardInterrupt):
            raise
        raise failure.error from error
    except Exception as error:
        # A mistake of this program must not leave a node half done either; nothing hides what it was.
        reason = f"stems failed with {type(error).__name__}"
        with suppress(Exception):
            records.end(run, after_failure(run, reason, None).outcome, reason)
        raise
    return records.end(run, Outcome.DEPLOYED, "")


def is_being_taken_back(run: Run) -> bool:
    """Whether a resumed deployment had begun to take nodes back."""
    return any(outcome in (Outcome.TAKEN_BACK, Outcome.TAKING_BACK_FAILED) for outcome in run.outcomes.values())


def roll_out(run: Run) -> None:
    """The pilot, then the others one at a time, with a pause between nodes that changed."""
    if is_being_taken_back(run):
        raise ToolError("the deployment had failed when its controller died")
    rollout = run.cluster.rollout
    nodes = run.in_order()
    for number, node in enumerate(nodes):
        if run.outcomes.get(node.node) is Outcome.DEPLOYED:
            continue
        roll_out_node(run, node)
        if node.changes and any(later.changes for later in nodes[number + 1 :]):
            time.sleep(rollout.pause)


@dataclass(frozen=True, slots=True)
class Failure:
    """How a failed deployment ended, and the error that says so."""

    outcome: Outcome
    error: StemsError


def after_failure(run: Run, reason: str, cause: StemsError | None) -> Failure:
    """Follow `rollout.on_failure`. Nodes whose data an older image might not read stay as they are."""
    mark_not_reached(run)
    candidates = to_take_back(run)
    kept = [node.node for node in candidates if keeps_migrated_data(node)]
    left: dict[str, tuple[str, ...]] = {name: ("a service with data runs another image",) for name in kept}
    for node in candidates:
        if node.node not in kept:
            lines = _taken_back(run, node)
            left |= {node.node: lines} if lines else {}
    mark_failed(run)
    said = "\n".join(filter(None, [cause.said if cause else "", *_left_lines(left)]))
    if not candidates:
        return Failure(Outcome.FAILED, _stopped(run, reason, said))
    if left:
        problem = f"{reason}; taking back {', '.join(left)} did not succeed"
        remedy = "see `stems drift`, mend what it names, then `stems deploy`"
        return Failure(Outcome.TAKING_BACK_FAILED, TakingBackFailedError(problem, said=said, remedy=remedy))
    taken = ", ".join(node.node for node in candidates)
    remedy = "mend the cause in the repository, commit, and deploy again; nothing of this deployment is left"
    return Failure(Outcome.TAKEN_BACK, TakenBackError(f"{reason}; taken back on {taken}", said=said, remedy=remedy))


def _taken_back(run: Run, node: NodePlan) -> tuple[str, ...]:
    """Take one node back; one that went away meanwhile must not keep the others from it."""
    try:
        return take_back(run, node)
    except StemsError as error:
        run.outcomes[node.node] = Outcome.TAKING_BACK_FAILED
        return (error.problem,)


def _left_lines(left: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [f"{name}: {line}" for name, lines in left.items() for line in lines]


def _stopped(run: Run, reason: str, said: str) -> StemsError:
    """The error where the policy takes nothing back, or where there is nothing to take back."""
    failed = [name for name, outcome in run.outcomes.items() if outcome is Outcome.FAILED]
    done = [name for name, outcome in run.outcomes.items() if outcome is Outcome.DEPLOYED]
    if not failed and not done:
        return ToolError(f"{reason}; nothing was applied", said=said, remedy="mend the cause and deploy again")
    policy = run.cluster.rollout.on_failure.value
    stays = [*(f"{name} stays as it is" for name in failed), *(f"{name} stays deployed" for name in done)]
    return ToolError(
        reason, said=said, remedy=f"`rollout.on_failure` is {policy}: {', '.join(stays)}; see `stems status`"
    )


def mark_failed(run: Run) -> None:
    """Nodes that were begun and stay as they are have an end too, so that nobody takes them for interrupted."""
    for node in run.plan.nodes:
        if run.outcomes.get(node.node) is Outcome.RUNNING:
            run.outcomes[node.node] = Outcome.FAILED
            # A node that went away cannot be told: `status` shows it as unfinished, and so it is.
            with suppress(StemsError):
                run.write(node, Act.RESULT, outcome=Outcome.FAILED.value)


def mark_not_reached(run: Run) -> None:
    """Nodes after the one that failed were not touched."""
    for node in run.plan.nodes:
        run.outcomes.setdefault(node.node, Outcome.NOT_REACHED)
