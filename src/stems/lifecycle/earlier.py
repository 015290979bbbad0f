"""What became of a commit before: a plan for one that was taken back or rolled back says so."""

from __future__ import annotations

from collections.abc import Sequence

from stems.lifecycle import records
from stems.lifecycle.workspace import Workspace
from stems.model.deployment import Deployment, Outcome

_UNDONE = (Outcome.FAILED, Outcome.TAKEN_BACK, Outcome.TAKING_BACK_FAILED)


def earlier_end(workspace: Workspace, commit: str) -> str:
    """How the last deployment of a commit ended, if not well, as far as this clone was told; else nothing."""
    return end_of(records.told_deployments(workspace), commit)


def end_of(newest_first: Sequence[Deployment], commit: str) -> str:
    for place, each in enumerate(newest_first):
        if each.commit != commit:
            continue
        if each.outcome in _UNDONE:
            reason = f": {each.reason}" if each.reason else ""
            return f"was deployed as {each.identity} and ended {each.outcome.value}{reason}"
        if each.outcome is Outcome.DEPLOYED:
            return _rolled_back(newest_first[:place], commit)
    return ""


def _rolled_back(later: Sequence[Deployment], commit: str) -> str:
    for each in reversed(later):
        if each.purpose == "rollback" and each.outcome is Outcome.DEPLOYED and commit in each.previous.values():
            return f"was rolled back as {each.identity} by {each.who}"
    return ""
