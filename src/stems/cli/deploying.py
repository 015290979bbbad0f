"""What `deploy` and `rollback` share: plan, show, ask, roll out, and ask again for what could not be previewed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from stems.cli import output
from stems.cli.approving import agree, agreed_before, confirm_again
from stems.cli.person import person
from stems.cli.progress import waiting
from stems.cli.render.plan import render_plan, render_stays
from stems.cli.render.rollout import shown_rollout
from stems.cli.render.text import count, marked, short
from stems.cli.workspace import subject
from stems.errors import StemsError, TakenBackError, TakingBackFailedError, ToolError, UnknownError, UsageError
from stems.infrastructure import alert
from stems.infrastructure.lab.state import is_of_a_lab
from stems.lifecycle.deploy import deploy
from stems.lifecycle.earlier import earlier_end
from stems.lifecycle.gates import difference
from stems.lifecycle.jobs import Work
from stems.lifecycle.look.observe import Observed
from stems.lifecycle.plan import Planned, make_plan
from stems.lifecycle.planning import asking, deployed_commit, with_remnants, work_for
from stems.lifecycle.remnants import remnants_of, remnants_of_saved
from stems.lifecycle.resume import resume_deployment
from stems.lifecycle.store import Store
from stems.lifecycle.targets import chosen_nodes
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.change import Group
from stems.model.deployment import Deployment, Outcome
from stems.model.node import Node
from stems.model.observation import Answer
from stems.model.plan import Plan
from stems.model.remnant import Remnants

MOST_ROUNDS = 5
"""How often the rest of a fresh node is previewed and asked for again."""


_DONE = {
    "deploy": "deployed {commit} on {names}",
    "rollback": "rolled back to {commit} on {names}",
    "repair": "repaired {names}: as {commit} says",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks to be deployed. Without a commit: what the nodes run now."""

    commit: str
    purpose: str
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    key: str | None = None


def plan_and_deploy(workspace: Workspace, wish: Wish) -> None:
    """Plan, show, ask, roll out; again for parts that could not be previewed before."""
    nodes = chosen_nodes(workspace.cluster, only=wish.only, without=wish.without)
    if wish.purpose == "repair":
        nodes = _not_paused(nodes)
    if not wish.commit:
        wish = replace(wish, commit=deployed_commit(workspace, nodes))
    with _waiting(), asking(workspace, nodes) as answers:
        work = work_for(workspace, wish.commit, judged=wish.purpose == "deploy")
        planned = with_remnants(workspace, work, _planned(workspace, work, nodes, wish, answers=answers.result()))
    stays = planned.stays
    before: Plan | None = None
    for _ in range(MOST_ROUNDS):
        _require_known(planned)
        _require_progress(planned.plan, before)
        if _changes_nothing(planned.plan):
            output.say(marked("good", f"nothing to do: {count(len(nodes), 'node')} at {short(wish.commit)}"))
            return
        _show(workspace, planned)
        plan, approval = _agreed(workspace, planned.plan, key=wish.key)
        _roll_out(workspace, work, plan, approval)
        _tell_stays(stays)
        if not any(node.postponed for node in plan.nodes):
            return
        before = plan
        output.tell("what could not be previewed before is asked for again")
        with _waiting():
            planned = _planned(workspace, work, nodes, wish, before)
    raise _stuck(plan)


def _changes_nothing(plan: Plan) -> bool:
    """Whether there is nothing to do, and not even a commit to be noted."""
    return plan.is_empty and all(node.deployed == plan.commit for node in plan.nodes)


def _waiting() -> AbstractContextManager[None]:
    return waiting("asking every tool on every node")


def _planned(  # each says in one word what is asked for
    workspace: Workspace,
    work: Work,
    nodes: tuple[Node, ...],
    wish: Wish,
    before: Plan | None = None,
    answers: Mapping[str, Answer[Observed]] | None = None,
) -> Planned:
    """What is left after the round before. Where that had its first group step whole, it is not done again."""
    further = before is not None and not any(
        part.group is Group.FIRST for node in before.nodes for part in node.postponed
    )
    return make_plan(
        workspace,
        work,
        nodes,
        without=wish.without,
        purpose=wish.purpose,
        further=further,
        acting=True,
        answers=answers,
    )


def _require_progress(plan: Plan, before: Plan | None) -> None:
    """A round that would do no more than the one before it brings nothing that is missing."""
    if (
        before
        and any(node.postponed for node in plan.nodes)
        and not difference(before.changes(), plan.changes()).appeared
    ):
        raise _stuck(plan)


def _stuck(plan: Plan) -> ToolError:
    """Some part cannot be previewed although everything before it was applied."""
    node, part = next((node.node, node.postponed[0]) for node in plan.nodes if node.postponed)
    return ToolError(
        f"{node}: {part.tool} still cannot be previewed: {part.reason}",
        remedy="what was applied before it does not bring what it needs: mend that, or install it by hand",
    )


def _not_paused(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    for node in nodes:
        if node.paused:
            output.tell(f"{node.name} is left out: paused, {node.paused}")
    left = tuple(node for node in nodes if not node.paused)
    if not left:
        raise UsageError("every node is paused: nothing to repair", remedy="remove `paused` in config/cluster.yml")
    return left


def deploy_saved(workspace: Workspace, digest: str) -> None:
    """Roll out a saved plan, approved or in no need of it."""
    store = Store(workspace.repository.state_folder())
    plan = store.plan(digest)
    if _changes_nothing(plan):
        output.say(marked("good", f"nothing to do: plan {short(plan.digest)} changes nothing"))
        return
    work = work_for(workspace, plan.commit, judged=plan.purpose == "deploy")
    # Asked before: afterwards nothing was deployed later than this commit.
    stays = remnants_of(workspace, work, plan)
    _roll_out(workspace, work, plan, store.approval(plan.digest))
    _tell_stays(stays)
    _tell_rest(plan)


def resume(workspace: Workspace, identity: str) -> None:
    """Go on with a deployment whose controller died."""
    with waiting("asking every node what it wrote down"):
        found = resume_deployment(workspace, identity)
    output.tell(f"going on with {found.interrupted.identity} on {', '.join(node.node for node in found.plan.nodes)}")
    if found.may_have_run:
        confirm_again(found.may_have_run, identity=found.interrupted.identity)
    stays = remnants_of_saved(workspace, found.plan)
    with _alerting(workspace), shown_rollout([node.node for node in found.plan.nodes]) as progress:
        ended = found.carry_on(person(), progress)
    _tell_end(ended)
    _tell_stays(stays)
    _tell_rest(found.plan)


def _require_known(planned: Planned) -> None:
    errors = list(planned.unknown.values())
    for error in errors[:-1]:
        output.show_error(error)
    if errors:
        names = " ".join(f"--without {name}" for name in planned.unknown)
        last = errors[-1]
        raise UnknownError(
            last.problem,
            ran=last.ran,
            said=last.said,
            remedy="\n".join(filter(None, [last.remedy, f"or leave it out: `{names}`" if planned.plan.nodes else ""])),
        ) from None


def _show(workspace: Workspace, planned: Planned) -> None:
    gates = workspace.cluster.gates
    commit = planned.plan.commit
    earlier = earlier_end(workspace, commit) if planned.plan.purpose == "deploy" else ""
    lines = render_plan(planned, gates, subject=subject(workspace, commit), full_diff=False, earlier=earlier)
    output.say_lines(lines)


def _agreed(workspace: Workspace, plan: Plan, *, key: str | None) -> tuple[Plan, Approval | None]:
    """The plan to carry out and its approval: an earlier one that says the same, or one given now."""
    earlier = agreed_before(workspace, plan)
    if earlier:
        output.tell(f"approved already as plan {earlier[0].digest[:12]} by {earlier[1].who}")
        return earlier
    Store(workspace.repository.state_folder()).save_plan(plan)
    return plan, agree(workspace, plan, key=key)


def _roll_out(workspace: Workspace, work: Work, plan: Plan, approval: Approval | None) -> None:
    output.tell("locking every node and comparing it with what was approved")
    with _alerting(workspace), shown_rollout([node.node for node in plan.nodes]) as progress:
        ended = deploy(workspace, work, plan, approval, person=person(), progress=progress)
    _tell_end(ended)


@contextmanager
def _alerting(workspace: Workspace) -> Iterator[None]:
    """Alert people when a deployment fails, whoever started it."""
    try:
        yield
    except (TakenBackError, TakingBackFailedError, ToolError, UnknownError) as error:
        _alert(workspace, error)
        raise


def _alert(workspace: Workspace, error: StemsError) -> None:
    urls = alert.addresses(workspace.cluster.alerts)
    title = f"stems: deployment failed on {workspace.cluster.name}"
    if urls and is_of_a_lab(workspace.repository.root):
        output.tell("no alert is sent from a lab")
        return
    failed = alert.send(urls, title=title, body=error.problem) if urls else ()
    if failed:
        output.warn(
            f"no alert was sent through {', '.join(failed)}",
            "check the address; kinds other than json:// need the package `apprise` beside stems",
        )


def _tell_stays(stays: Mapping[str, Remnants]) -> None:
    if stays:
        output.say_lines(render_stays(stays))


def _tell_rest(plan: Plan) -> None:
    if any(node.postponed for node in plan.nodes):
        output.tell(" next: `stems deploy` for the parts that could not be previewed before")


def _tell_end(ended: Deployment) -> None:
    output.say(marked("good", done_text(ended)) + f"  ({ended.identity})")


def done_text(ended: Deployment) -> str:
    """What was done and where; a repair does nothing on the nodes that were as they should be."""
    counted = (Outcome.DEPLOYED,) if ended.purpose == "repair" else (Outcome.DEPLOYED, Outcome.UNCHANGED)
    names = ", ".join(name for name, outcome in ended.nodes.items() if outcome in counted)
    return _DONE.get(ended.purpose, _DONE["deploy"]).format(commit=short(ended.commit), names=names)
