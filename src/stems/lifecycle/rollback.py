"""Where a rollback goes: the deployment or commit that a person names, or the one before what runs now."""

from __future__ import annotations

from collections.abc import Sequence

from stems.errors import UsageError
from stems.lifecycle import records
from stems.lifecycle.observe import known, observe
from stems.lifecycle.workspace import Workspace
from stems.model.deployment import Deployment, Outcome
from stems.model.names import DEPLOYMENT, is_name


def earlier_commit(workspace: Workspace, target: str) -> str:
    """The full SHA to roll back to."""
    if target and not is_name(DEPLOYMENT, target):
        return _resolved(workspace, target)
    gather(workspace)
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
    """The commit of the last deployment that succeeded before the newest of which something is left on a node."""
    left = [number for number, each in enumerate(deployments) if leaves_something(each)]
    now = deployments[left[0]].commit if left else ""
    before = [each.commit for each in deployments[left[0] :] if each.outcome is Outcome.DEPLOYED] if left else []
    found = next((commit for commit in before if commit != now), "")
    if not found:
        raise UsageError("nothing else was deployed before what runs now", remedy="name a commit; see `git log`")
    return found


def leaves_something(deployment: Deployment) -> bool:
    """Whether a node runs something of it: not where it was taken back everywhere, or never reached a node."""
    if deployment.outcome in (Outcome.RUNNING, Outcome.DEPLOYED, Outcome.TAKING_BACK_FAILED):
        return True
    return any(outcome in (Outcome.DEPLOYED, Outcome.FAILED) for outcome in deployment.nodes.values())
