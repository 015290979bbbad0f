"""`stems rollback`: a plan to an earlier commit, approved and rolled out like every other."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.deploying import Wish, plan_and_deploy
from stems.cli.options import only_nodes, ssh_key, without_nodes
from stems.cli.render.text import short
from stems.cli.workspace import subject, this_workspace
from stems.lifecycle.rollback import earlier_commit


@click.command()
@click.argument("target", default="", shell_complete=completion.deployments)
@only_nodes
@without_nodes
@ssh_key
def rollback(*, target: str, only: tuple[str, ...], without: tuple[str, ...], key: str | None) -> None:
    """Plan, approve and deploy an earlier commit.

    TARGET is a deployment's id or a commit; without it, what was deployed before what runs now, so that a second
    rollback goes back further. Nodes, SSH, gates and approvers stay those of the current commit; data in volumes and
    untracked files stay as they are.

    What a later playbook made and the earlier one does not name stays on the node: no tool removes what a commit does
    not name. The plan and the end name it, as far as the ledger has it.
    """
    with this_workspace(acts=True) as workspace:
        commit = earlier_commit(workspace, target)
        output.tell(f"rolling back to {short(commit)} {subject(workspace, commit)}")
        plan_and_deploy(workspace, Wish(commit, "rollback", only, without, key))
        if commit != workspace.head:
            output.tell(
                f" next: the current commit is still {short(workspace.head)}; `git revert` what was wrong with it, "
                "or the next `stems deploy` brings it back"
            )
