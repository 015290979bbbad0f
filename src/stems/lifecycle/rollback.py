"""Where a rollback goes: the deployment or commit that a person names, or the one before what runs now."""

from __future__ import annotations

from stems.errors import UsageError
from stems.lifecycle import records
from stems.lifecycle.workspace import Workspace
from stems.model.deployment import Outcome
from stems.model.names import DEPLOYMENT, is_name


def earlier_commit(workspace: Workspace, target: str) -> str:
    """The full SHA to roll back to."""
    deployments = records.deployments(workspace)
    if is_name(DEPLOYMENT, target):
        for deployment in deployments:
            if deployment.identity == target:
                return deployment.commit
        raise UsageError(f"{target}: no such deployment", remedy="see `stems history`")
    if target:
        return workspace.repository.resolve(target)
    succeeded = [each.commit for each in deployments if each.outcome is Outcome.DEPLOYED]
    before = [commit for commit in succeeded if commit != succeeded[0]]
    if not before:
        raise UsageError("nothing else was deployed before what runs now", remedy="name a commit; see `git log`")
    return before[0]
