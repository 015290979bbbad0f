"""Approving exactly one plan, and proving it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from stems.errors import ApprovalError
from stems.lifecycle import records
from stems.lifecycle.approvers import approvers
from stems.lifecycle.gates import awaiting_approval
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.cluster import Approver
from stems.model.deployment import Outcome
from stems.model.names import DIGEST, is_name
from stems.model.plan import Plan
from stems.tools.git import signing


def require_usable(workspace: Workspace, plan: Plan, *, now: datetime | None = None) -> None:
    """A plan counts once, for its own cluster, until it expires."""
    again = "run `stems plan` again"
    if plan.cluster != workspace.cluster.name:
        raise ApprovalError(
            f"plan {plan.digest[:12]} is for the cluster {plan.cluster}, this is {workspace.cluster.name}"
        )
    if (now or datetime.now(UTC)) >= plan.expires:
        raise ApprovalError(f"plan {plan.digest[:12]} expired at {plan.expires:%Y-%m-%d %H:%M} UTC", remedy=again)
    used = records.deployment_of(workspace, plan.digest)
    if used and used.outcome is not Outcome.CANCELLED:
        raise ApprovalError(
            f"plan {plan.digest[:12]} was used already by deployment {used.identity} ({used.outcome.value})",
            remedy=again,
        )


def is_usable(workspace: Workspace, plan: Plan) -> bool:
    try:
        require_usable(workspace, plan)
    except ApprovalError:
        return False
    return True


def approve(workspace: Workspace, plan: Plan, who: str, *, key: Path | None = None) -> Approval:
    """A person's agreement, signed when the cluster names approvers."""
    listed = approvers_that_count(workspace, plan)
    now = datetime.now(UTC).replace(microsecond=0)
    if not listed:
        return Approval(plan.digest, who, now)
    signed = signing.sign(workspace.local, plan.digest, listed, key=key, private=workspace.private)
    return Approval(plan.digest, signed.approver, now, signed.signature)


def require_approval(workspace: Workspace, plan: Plan, approval: Approval | None) -> None:
    """Raise unless every change either goes by itself or was approved, by somebody whose word counts."""
    if not awaiting_approval(plan, workspace.cluster.gates):
        return
    if approval is None:
        raise ApprovalError(
            f"plan {plan.digest[:12]} is not approved", remedy=f"review it with `stems approve {plan.digest[:12]}`"
        )
    if not is_name(DIGEST, approval.plan) or approval.plan != plan.digest:
        raise ApprovalError(f"the approval is for plan {approval.plan[:12]}, not for {plan.digest[:12]}")
    listed = approvers_that_count(workspace, plan)
    if listed:
        signing.verify(workspace.local, approval, listed, private=workspace.private)


def approvers_that_count(workspace: Workspace, plan: Plan) -> tuple[Approver, ...]:
    """The newest list that was approved before `plan`; before the first, the one of the current commit."""
    recorded = approvers(workspace, besides=plan.digest)
    return workspace.cluster.approvers if recorded is None else recorded


def record_approval(workspace: Workspace, plan: Plan, approval: Approval) -> None:
    """Write an approval down, and the current commit's approvers when another list counted until now."""
    named = workspace.cluster.approvers
    changed = (approvers(workspace) or ()) != named
    records.approved(workspace, plan, approval, approvers=named if changed else None)
