"""Where a rollback goes: the deployment or commit that a person names, or the one before what runs now."""

from __future__ import annotations

from collections.abc import Sequence

from stems.errors import UsageError
from stems.lifecycle import records
from stems.lifecycle.look.observe import known, observe
from stems.lifecycle.workspace import Workspace
from stems.model.deployment import Deployment, Outcome
from stems.model.names import DEPLOYMENT, is_name


def earlier_commit(workspace: Workspace, target: str) -> str:
    """The full SHA to roll back to. What other clones deployed is heard first: it may stay where a node goes back."""
    commit = _resolved(workspace, target) if target and not is_name(DEPLOYMENT, target) else ""
    gather(workspace)
    if commit:
        return commit
    deployments = records.deployments(workspace)
    return commit_of(deployments, target) if target else before_what_runs(deployments)


def _resolved(workspace: Workspace, target: str) -> str:
    try:
        return workspace.repository.resolve(target)
    except UsageError as error:
        raise UsageError(
            error.problem, said=error.said, remedy="name a commit (`git log --all`) or a deployment (`stems history`)"
        ) from None


def commit_of(deployments: Sequence[Deployment], identity: str) -> str:
    for deployment in deployments:
        if deployment.identity == identity:
            return deployment.commit
    raise UsageError(f"{identity}: no such deployment", remedy="see `stems history`")


def gather(workspace: Workspace) -> None:
    """Hear what other clones deployed. A node that does not answer is said when it is planned for."""
    seen = known(observe(workspace.cluster, workspace.runners(), workspace.cluster.nodes.values()))
    records.gather(workspace, {name: each.facts.home for name, each in seen.items()})


def before_what_runs(deployments: Sequence[Deployment]) -> str:
    """The last commit that was deployed, and not rolled back, before the one of which something is left on a node."""
    left = [number for number, each in enumerate(deployments) if leaves_something(each)]
    if not left:
        raise UsageError("nothing was deployed yet, so there is nothing to roll back", remedy="`stems deploy`")
    now = deployments[left[0]].commit
    found = next((commit for commit in reversed(standing(deployments[left[0] :])) if commit != now), "")
    if not found:
        raise UsageError(
            "nothing was deployed before what runs now", remedy="name another commit; see `stems history` and `git log`"
        )
    return found


def standing(newest_first: Sequence[Deployment]) -> list[str]:
    """The commits that were deployed one after the other, oldest first, without those that a rollback undid.

    So that a second rollback goes on to what was before, and not forward again.
    """
    commits: list[str] = []
    for each in reversed(newest_first):
        if each.outcome is not Outcome.DEPLOYED:
            continue
        if each.purpose == "rollback" and each.commit in commits:
            last = len(commits) - 1 - commits[::-1].index(each.commit)
            commits = commits[: last + 1]
        elif commits[-1:] != [each.commit]:
            commits.append(each.commit)
    return commits


def leaves_something(deployment: Deployment) -> bool:
    """Whether a node runs something of it: not where it was taken back everywhere, or never reached a node."""
    if deployment.outcome in (Outcome.RUNNING, Outcome.DEPLOYED, Outcome.TAKING_BACK_FAILED):
        return True
    return any(outcome in (Outcome.DEPLOYED, Outcome.FAILED) for outcome in deployment.nodes.values())
