"""`stems approve`: a person agrees to exactly one plan."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.approving import confirm_approvers, record_approval
from stems.cli.options import full_diffs, ssh_key
from stems.cli.render.plan import render_saved
from stems.cli.workspace import can_ask, confirm, subject, this_workspace
from stems.errors import ApprovalError
from stems.lifecycle.approve import require_usable
from stems.lifecycle.remnants import remnants_of_saved
from stems.lifecycle.store import Store


@click.command()
@click.argument("digest", shell_complete=completion.plans)
@click.option(
    "--yes", is_flag=True,
    help="Agree without being asked: the digest names exactly what was reviewed. On the first use of `approvers` it "
    "agrees to that list too.",
)  # fmt: skip
@full_diffs
@ssh_key
def approve(*, digest: str, yes: bool, full_diff: bool, key: str | None) -> None:
    """Show the plan with DIGEST and approve exactly that one.

    When the cluster names approvers, the approval is a signature made with one of their SSH keys. It goes into the
    ledger; `stems deploy DIGEST` uses it once, within a day.
    """
    with this_workspace() as workspace:
        plan = Store(workspace.repository.state_folder()).plan(digest)
        require_usable(workspace, plan)
        short = plan.digest[:12]
        about = subject(workspace, plan.commit)
        stays = remnants_of_saved(workspace, plan)
        output.say_lines(render_saved(plan, workspace.cluster.gates, subject=about, full_diff=full_diff, stays=stays))
        if not yes and not can_ask():
            raise ApprovalError(
                f"plan {short} is not approved: nobody is at a terminal to ask",
                remedy=f"review the plan, then give its digest: `stems approve {short} --yes`",
            )
        confirm_approvers(workspace, yes=yes)
        if not yes and not confirm(f"approve plan {short}?"):
            raise ApprovalError("not approved", remedy="nothing was recorded; it can still be approved later")
        record_approval(workspace, plan, key=key)
        output.tell(f" next: `stems deploy {short}`")
