"""Asking a person to agree to a plan, and remembering that they did."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stems.cli import output
from stems.cli.person import me
from stems.cli.workspace import can_ask, confirm
from stems.errors import ApprovalError
from stems.lifecycle.approve import approve, is_usable
from stems.lifecycle.approve import record_approval as write_down
from stems.lifecycle.approvers import approvers
from stems.lifecycle.gates import awaiting_approval, difference
from stems.lifecycle.store import Store
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.change import Change
from stems.model.plan import Plan


def agreed_before(workspace: Workspace, plan: Plan) -> tuple[Plan, Approval] | None:
    """A saved plan that was approved, still counts, and says the same as `plan`."""
    store = Store(workspace.repository.state_folder())
    for saved in store.plans():
        approval = store.approval(saved.digest)
        if approval and _says_the_same(saved, plan) and is_usable(workspace, saved):
            return saved, approval
    return None


def _says_the_same(saved: Plan, plan: Plan) -> bool:
    same = ("cluster", "commit", "purpose", "further", "without")
    deployed = {node.node: node.deployed for node in saved.nodes}
    return (
        all(getattr(saved, name) == getattr(plan, name) for name in same)
        and deployed == {node.node: node.deployed for node in plan.nodes}
        and not difference(saved.changes(), plan.changes())
    )


def agree(workspace: Workspace, plan: Plan, *, key: str | None) -> Approval | None:
    """Ask for what needs a person; nothing is asked where every change goes by itself."""
    digest = plan.digest[:12]
    if not awaiting_approval(plan, workspace.cluster.gates):
        return None
    if not can_ask():
        raise ApprovalError(
            f"plan {digest} needs approval, and nobody is at a terminal to ask",
            remedy=f"review it, then `stems approve {digest}` and `stems deploy {digest}`",
        )
    confirm_approvers(workspace)
    if not confirm(f"deploy plan {digest}?"):
        raise ApprovalError("not approved: nothing was changed", remedy="`stems plan` shows it again")
    return record_approval(workspace, plan, key=key)


def record_approval(workspace: Workspace, plan: Plan, *, key: str | None) -> Approval:
    """Sign if the cluster asks for it, and write the approval down."""
    approval = approve(workspace, plan, me(), key=Path(key).expanduser() if key else None)
    Store(workspace.repository.state_folder()).save_approval(approval)
    write_down(workspace, plan, approval)
    signed = ", signed" if approval.signature else ""
    output.tell(f"plan {plan.digest[:12]} approved by {approval.who}{signed}")
    return approval


def confirm_approvers(workspace: Workspace, *, yes: bool = False) -> None:
    """On first use the list of the current commit begins to count: a person must agree to it. `yes`, they did."""
    named = workspace.cluster.approvers
    if not named or approvers(workspace) is not None:
        return
    output.tell("first use of `approvers`: from now on an approval must be signed by one of")
    for approver in named:
        output.tell(f"  {approver.name}  {approver.key}")
    if yes:
        output.tell("--yes agrees to this list too")
    elif not confirm("are these the approvers?"):
        raise ApprovalError(
            "the approvers are not confirmed: nothing was recorded",
            remedy="put `approvers` right in config/cluster.yml, commit, then `stems plan`",
        )


def confirm_again(changes: Sequence[Change], *, identity: str) -> None:
    """What cannot be predicted may have run before the controller died: ask before it runs again."""
    for change in changes:
        output.tell(f"may have run already: {change.node} {change.resource} ({change.source})")
    if not can_ask():
        raise ApprovalError(
            "changes of class unknown may have run already, and nobody is at a terminal to ask",
            remedy=f"run `stems deploy --resume` at a terminal, or `stems unlock {identity}` and plan anew",
        )
    if not confirm("run them again?"):
        raise ApprovalError("not resumed: nothing was changed", remedy=f"`stems unlock {identity}` releases the lock")
