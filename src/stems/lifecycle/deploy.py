"""Deploying a plan: lock, compare, record, roll out node by node, and take back what failed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress

from stems.errors import ApprovalError, NotRecordedError, StemsError, ToolError
from stems.infrastructure.interrupt import uninterrupted
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle import records
from stems.lifecycle.approve import require_approval, require_usable
from stems.lifecycle.gates import require_same, require_supervision
from stems.lifecycle.jobs import Work
from stems.lifecycle.look.observe import known, observe, unknown
from stems.lifecycle.plan import make_plan
from stems.lifecycle.progress import ALL_NODES, Progress
from stems.lifecycle.remnants import let_go, remnants_of
from stems.lifecycle.rollout.failure import end_failed, mark_not_reached
from stems.lifecycle.rollout.group_step import apply_group
from stems.lifecycle.rollout.locking import locked
from stems.lifecycle.rollout.node import roll_out_node
from stems.lifecycle.run import Run, new_identity
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.change import Change, Domain, Group
from stems.model.deployment import Deployment, Outcome
from stems.model.person import Person
from stems.model.plan import NodePlan, Plan


def deploy(
    workspace: Workspace, work: Work, plan: Plan, approval: Approval | None, *, person: Person, progress: Progress
) -> Deployment:
    """Make the nodes what `plan` says. Raises when it is not approved, not current any more, or fails."""
    require_usable(workspace, plan)
    require_approval(workspace, plan, approval)
    require_supervision(plan, work.cluster)
    run = begin(workspace, work, plan, person=person, progress=progress)
    with locked(run, plan.purpose, host=person.machine):
        # Another clone may have used this plan, or another list of approvers may count since.
        records.gather(workspace, run.homes)
        require_usable(workspace, plan)
        require_approval(workspace, plan, approval)
        require_current(run)
        record_begin(run, approval)
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
    fresh = make_plan(run.workspace, run.work, nodes, purpose=run.plan.purpose, further=run.plan.further)
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
    run.compared.update(_what_comes_first(run))


def _what_comes_first(run: Run) -> list[tuple[str, Domain]]:
    """The domain that is changed first, on the first node: asking again, a moment later, would only cost time."""
    nodes = run.in_order()
    own = [(node.node, domain) for node in nodes for domain in Domain if any(_own(node, domain))]
    steps = {group: [(ALL_NODES, Domain.SYSTEM)] if any(node.part(group) for node in nodes) else [] for group in Group}
    return [*steps[Group.FIRST], *own, *steps[Group.LAST]][:1]


def _own(node: NodePlan, domain: Domain) -> list[Change]:
    return [change for change in node.part(Group.NONE) if change.domain is domain]


def carry_out(run: Run) -> Deployment:
    """Roll out, take back if that fails, and record how it ended."""
    try:
        stays = remnants_of(run.workspace, run.work, run.plan)
        roll_out(run)
        # Nodes that are done are not to stay under way in the record: an interrupt comes too late here.
        with uninterrupted(lambda: None):
            let_go(run, stays)
            return record_success(run)
    except NotRecordedError:
        raise
    except StemsError as error:
        raise end_failed(run, error.problem, error) from error
    except KeyboardInterrupt as interrupt:
        raise end_failed(run, "interrupted", None) from interrupt
    except Exception as error:
        # A mistake of this program must not leave a node half done either; nothing hides what it was.
        with suppress(Exception):
            end_failed(run, f"stems failed with {type(error).__name__}", None)
        raise


def record_success(run: Run) -> Deployment:
    """Write down that it went well. Where that fails nothing is taken back: the nodes are what they should be."""
    try:
        return records.end(run, Outcome.DEPLOYED, "")
    except StemsError as error:
        raise NotRecordedError(
            f"deployed on {', '.join(node.node for node in run.in_order())}, not recorded: {error.problem}",
            ran=error.ran,
            said=error.said,
            remedy="\n".join(
                filter(None, [error.remedy, "`stems deploy --resume` records it; until then the nodes stay locked"])
            ),
        ) from error


def record_begin(run: Run, approval: Approval | None) -> None:
    """Write down that it begins. Where a target cannot be told it does not, and that is written down."""
    try:
        records.begin(run, approval)
    except (StemsError, KeyboardInterrupt) as error:
        mark_not_reached(run)
        with suppress(StemsError), uninterrupted(lambda: None):
            records.end(run, Outcome.CANCELLED, error.problem if isinstance(error, StemsError) else "interrupted")
        raise


def is_being_taken_back(run: Run) -> bool:
    """Whether a resumed deployment had begun to take nodes back."""
    return any(outcome in (Outcome.TAKEN_BACK, Outcome.TAKING_BACK_FAILED) for outcome in run.outcomes.values())


def roll_out(run: Run) -> None:
    """The pilot, then the others one at a time, with a pause between nodes that changed; group steps around them."""
    if is_being_taken_back(run):
        raise ToolError("the deployment had failed when its controller died")
    rollout = run.cluster.rollout
    nodes = run.in_order()
    apply_group(run, Group.FIRST)
    for number, node in enumerate(nodes):
        if run.outcomes.get(node.node) is Outcome.DEPLOYED:
            continue
        roll_out_node(run, node)
        if node.changes and any(later.changes for later in nodes[number + 1 :]):
            time.sleep(rollout.pause)
    apply_group(run, Group.LAST)
