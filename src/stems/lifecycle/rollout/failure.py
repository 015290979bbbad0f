"""What a failed deployment leaves: `rollout.on_failure` decides, and what becomes of each node is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from stems.errors import (
    CancelledError,
    StemsError,
    TakenBackError,
    TakingBackFailedError,
    ToolError,
)
from stems.infrastructure.interrupt import uninterrupted
from stems.infrastructure.journal import Act
from stems.lifecycle import records
from stems.lifecycle.progress import Event, Phase, Step
from stems.lifecycle.rollout.group_takeback import begun_steps, replay_steps, with_earlier_steps
from stems.lifecycle.rollout.not_undone import not_undone
from stems.lifecycle.rollout.quiet import wait_here, wait_until_quiet
from stems.lifecycle.rollout.takeback import forget, lasting, previous_work, take_back, to_take_back, touched
from stems.lifecycle.run import Run
from stems.model.change import Group
from stems.model.deployment import Outcome
from stems.model.plan import NodePlan


@dataclass(frozen=True, slots=True)
class Failure:
    """How a failed deployment ended, and the error that says so."""

    outcome: Outcome
    error: StemsError


def end_failed(run: Run, reason: str, cause: StemsError | None) -> StemsError:
    """Take back what is to be taken back, record how it ended, and return the error to raise.

    Without a cause a person interrupted it. A second interrupt would leave nodes half taken back: it is only answered.
    """
    with uninterrupted(lambda: _tell(run, "taking back is not interrupted: it ends by itself")):
        failure = after_failure(run, reason, cause)
        try:
            records.end(run, failure.outcome, reason)
        except StemsError as error:
            _keep_open(run, failure.error, error)
    if cause or failure.outcome is Outcome.TAKING_BACK_FAILED:
        return failure.error
    cancelled = CancelledError(failure.error.problem, remedy=failure.error.remedy)
    # Whole: what cannot be undone is named for every node.
    cancelled.said = failure.error.said
    return cancelled


def _keep_open(run: Run, failure: StemsError, error: StemsError) -> None:
    """What could not be written down has not ended: the nodes stay locked, by which `--resume` finds it."""
    for node in run.plan.nodes:
        run.restless.setdefault(node.node, "how it ended is not recorded")
    failure.said = f"{failure.said}\nnot recorded: {error.problem}".strip()
    failure.remedy = f"{failure.remedy}\n`stems deploy --resume` records it; until then the nodes stay locked".strip()


def after_failure(run: Run, reason: str, cause: StemsError | None) -> Failure:
    """Follow `rollout.on_failure`. Nodes whose data an older image might not read stay as they are."""
    mark_not_reached(run)
    candidates = to_take_back(run)
    run.restless.update(_restless(run))
    replayed = _replayed(run, candidates)
    left: dict[str, tuple[str, ...]] = {}
    for node in candidates:
        lines = _taken_back(run, node, replayed.get(node.node, ()))
        left |= {node.node: lines} if lines else {}
    forget(run)
    mark_failed(run)
    # A resumed one may have taken all of them back before.
    names = [node.node for node in candidates] or _with(run, Outcome.TAKEN_BACK)
    undone = not_undone(run, [run.plan.of_node(name) for name in names])
    failure = _ended(run, reason, cause, names=names, left=left, is_all=not undone)
    # Whole, however much the cause said: nobody else tells it.
    failure.error.said = "\n".join(filter(None, [failure.error.said, *undone]))
    return failure


def _ended(
    run: Run,
    reason: str,
    cause: StemsError | None,
    *,
    names: Sequence[str],
    left: Mapping[str, tuple[str, ...]],
    is_all: bool,
) -> Failure:
    """`names` are the nodes that were taken back, with what was not in `left`."""
    said = "\n".join(filter(None, [cause.said if cause else "", *_left_lines(left)]))
    if not names:
        return Failure(Outcome.FAILED, _stopped(run, reason, said, cause))
    if left:
        problem = f"{reason}; taking back {', '.join(left)} did not succeed"
        remedy = "see `stems drift`, mend what it names, then `stems deploy`"
        return Failure(Outcome.TAKING_BACK_FAILED, TakingBackFailedError(problem, said=said, remedy=remedy))
    problem = f"{reason}; taken back on {', '.join(names)}"
    return _taken(run, problem, said, cause, is_all=is_all)


def _replayed(run: Run, nodes: Sequence[NodePlan]) -> dict[str, tuple[str, ...]]:
    """Repeat the group steps of what ran before. Where that fails: why, by the first of its nodes."""
    left: dict[str, tuple[str, ...]] = {}
    free = [node for node in nodes if node.node not in run.restless and not lasting(run, node)]
    for part in with_earlier_steps(run, free).values():
        # Why it cannot be had is said node by node.
        previous, _ = previous_work(run, part[0])
        if previous and (lines := tuple(replay_steps(run, part, previous))):
            left[part[0].node] = lines
    return left


def _restless(run: Run) -> dict[str, str]:
    """Wait until nothing of this runs any more on nodes that were begun. Where that fails: why, by node."""
    found: dict[str, str] = {}
    for node in touched(run):
        if run.outcomes[node.node] is Outcome.RUNNING:
            try:
                wait_until_quiet(run.runners[node.node], run.node(node.node), run.identity, say=_note(run, node))
            except StemsError as error:
                found[node.node] = error.problem
    return {**_restless_here(run), **found}


def _restless_here(run: Run) -> dict[str, str]:
    """The same for what a group step does on this machine, by the nodes that it was begun on."""
    nodes = [node for node in touched(run) if begun_steps(run, [node])]
    try:
        if nodes:
            wait_here(run.workspace.local, run.identity, say=_note(run, nodes[0]))
    except StemsError as error:
        return {node.node: error.problem for node in nodes}
    return {}


def _taken_back(run: Run, node: NodePlan, replayed: Sequence[str]) -> tuple[str, ...]:
    """Take one node back; one that went away meanwhile must not keep the others from it. What stays, a line each."""
    if stays := lasting(run, node):
        return tuple(f"{change.resource} is not put back: {change.note}" for change in stays)
    try:
        lines = (run.restless[node.node],) if node.node in run.restless else take_back(run, node, replayed)
    except StemsError as error:
        lines = (error.problem,)
    if lines:
        run.outcomes[node.node] = Outcome.TAKING_BACK_FAILED
    return lines


def _left_lines(left: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [f"{name}: {line}" for name, lines in left.items() for line in lines]


def _taken(run: Run, problem: str, said: str, cause: StemsError | None, *, is_all: bool) -> Failure:
    if stay := _with(run, Outcome.DEPLOYED):
        remedy = f"`rollout.on_failure` is {run.cluster.rollout.on_failure.value}: {', '.join(stay)} stays deployed"
        return Failure(Outcome.FAILED, ToolError(problem, said=said, remedy=f"{remedy}; see `stems status`"))
    mend = "mend the cause in the repository, commit, and deploy again" if cause else "`stems deploy` begins anew"
    remedy = f"{mend}; nothing {'' if is_all else 'else '}of this deployment is left"
    return Failure(Outcome.TAKEN_BACK, TakenBackError(problem, said=said, remedy=remedy))


def _stopped(run: Run, reason: str, said: str, cause: StemsError | None) -> StemsError:
    """The error where the policy takes nothing back, or where there is nothing to take back."""
    failed, done = _with(run, Outcome.FAILED), _with(run, Outcome.DEPLOYED)
    said = "\n".join(filter(None, [said, *(f"{name}: {problem}" for name, problem in run.restless.items())]))
    if not failed and not done and not run.restless:
        return _as_before(f"{reason}; nothing was applied", said, cause)
    policy = run.cluster.rollout.on_failure.value
    stays = [*(f"{name} stays as it is" for name in failed), *(f"{name} stays deployed" for name in done)]
    return ToolError(
        reason, said=said, remedy=f"`rollout.on_failure` is {policy}: {', '.join(stays)}; see `stems status`"
    )


def _as_before(problem: str, said: str, cause: StemsError | None) -> StemsError:
    """Where nothing was applied the exit code is that of the cause: a silent node, a plan that is not current."""
    if cause is None:
        return ToolError(problem, said=said, remedy="`stems deploy` begins anew")
    remedy = cause.remedy or "mend the cause and deploy again"
    # Errors of one module are made of more than words.
    kinds = (each for each in type(cause).__mro__ if issubclass(each, StemsError))
    kind = next(each for each in kinds if each.__module__ == StemsError.__module__)
    return kind(problem, said=said, ran=cause.ran, remedy=remedy)


def mark_failed(run: Run) -> None:
    """Nodes that were begun and stay as they are have an end too, so that nobody takes them for interrupted."""
    for node in run.plan.nodes:
        # Where something may still run the deployment has not ended, and `--resume` can go on with it.
        if run.outcomes.get(node.node) is Outcome.RUNNING and node.node not in run.restless:
            run.outcomes[node.node] = Outcome.FAILED
            # A node that went away cannot be told: `status` shows it as unfinished, and so it is.
            with suppress(StemsError):
                run.write(node, Act.RESULT, outcome=Outcome.FAILED.value)
        elif run.outcomes.get(node.node) is Outcome.DEPLOYED and node.part(Group.LAST):
            # What was to come after the last node did not come; what it does by itself is deployed.
            with suppress(StemsError):
                run.write(node, Act.RESULT, outcome=Outcome.DEPLOYED.value)


def mark_not_reached(run: Run) -> None:
    """Nodes after the one that failed were not touched."""
    for node in run.plan.nodes:
        run.outcomes.setdefault(node.node, Outcome.NOT_REACHED)


def _with(run: Run, outcome: Outcome) -> list[str]:
    return [name for name, found in run.outcomes.items() if found is outcome]


def _note(run: Run, node: NodePlan) -> Callable[[str], None]:
    return lambda text: run.progress(Event(node.node, Step.TAKE_BACK, Phase.NOTE, text))


def _tell(run: Run, text: str) -> None:
    for node in touched(run):
        _note(run, node)(text)
