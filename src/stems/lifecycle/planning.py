"""From a commit to a plan: what is judged first, and for which nodes."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import replace

from stems.errors import ConfigurationError, UsageError
from stems.infrastructure.guards import reading
from stems.lifecycle.jobs import Work, prepare
from stems.lifecycle.look.observe import Observed, known, observe, observing, unknown
from stems.lifecycle.plan import Planned, make_plan
from stems.lifecycle.remnants import remnants_of
from stems.lifecycle.targets import chosen_nodes, cluster_for
from stems.lifecycle.validate import validate_work
from stems.lifecycle.workspace import Workspace
from stems.model.finding import Severity
from stems.model.node import Node
from stems.model.observation import Answer


def work_for(workspace: Workspace, commit: str, *, judged: bool = True) -> Work:
    """A commit made ready. `judged` asks for every rule; an earlier commit was judged by the rules of its day."""
    if workspace.repository.is_shallow():
        # Seen here once, and not by every node as a push that it refuses.
        raise UsageError(
            f"{workspace.repository.root}: a shallow clone cannot send its commits to a node",
            remedy="fetch the whole history with `git fetch --unshallow`, then try again",
        )
    target = workspace.cluster if commit == workspace.head else workspace.cluster_at(commit)
    work = prepare(workspace, commit, cluster_for(workspace.cluster, target), judged=judged)
    if judged:
        require_valid(work)
    return work


def require_valid(work: Work) -> None:
    findings = [finding for finding in validate_work(work).findings if finding.severity is Severity.ERROR]
    if findings:
        raise ConfigurationError(
            f"{findings[0].place}: {findings[0].message} ({findings[0].code})",
            said="\n".join(f"{finding.place}: {finding.message} ({finding.code})" for finding in findings[1:]),
            remedy=findings[0].remedy or "run `stems validate`",
        )


def plan_commit(
    workspace: Workspace,
    commit: str,
    *,
    only: Sequence[str] = (),
    without: Sequence[str] = (),
    purpose: str = "deploy",
    judged: bool = True,
) -> Planned:
    """Validate first, then preview on the chosen nodes."""
    nodes = chosen_nodes(workspace.cluster, only=only, without=without)
    with asking(workspace, nodes) as answers:
        work = work_for(workspace, commit, judged=judged)
        planned = make_plan(workspace, work, nodes, without=without, purpose=purpose, answers=answers.result())
        return with_remnants(workspace, work, planned)


def with_remnants(workspace: Workspace, work: Work, planned: Planned) -> Planned:
    """The plan with what stays where it takes a node back to an earlier commit."""
    return replace(planned, stays=remnants_of(workspace, work, planned.plan))


def asking(workspace: Workspace, nodes: Sequence[Node]) -> AbstractContextManager[Future[dict[str, Answer[Observed]]]]:
    """What each node says of itself, asked for while the commit is judged: the longer of both is waited for."""
    return observing(workspace.cluster, {node.name: reading(workspace.runner(node)) for node in nodes}, nodes)


def deployed_commit(workspace: Workspace, nodes: Sequence[Node]) -> str:
    """The one commit that the nodes run: what a repair goes back to."""
    answers = observe(workspace.cluster, {node.name: workspace.runner(node) for node in nodes}, nodes)
    for answer in unknown(answers).values():
        raise answer.error
    commits = {seen.deployed for seen in known(answers).values()}
    if len(commits) != 1:
        raise UsageError("the nodes run different commits", remedy="repair one at a time with `--node NODE`")
    commit = commits.pop()
    if not commit:
        raise UsageError("nothing was deployed yet, so there is nothing to repair", remedy="`stems deploy`")
    return commit
