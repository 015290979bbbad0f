"""`stems deploy`: roll out what was approved; on its own it plans, shows, asks and goes on."""

from __future__ import annotations

import click

from stems.cli import completion
from stems.cli.deploying import Wish, deploy_saved, plan_and_deploy, resume
from stems.cli.options import only_nodes, ssh_key, without_nodes
from stems.cli.workspace import this_workspace, warn_if_dirty
from stems.errors import UsageError


@click.command()
@click.argument("digest", default="", shell_complete=completion.plans)
@click.option("--ref", default="HEAD", show_default=True, metavar="REF", help="The commit to plan for and deploy.")
@only_nodes
@without_nodes
@click.option("--repair", is_flag=True, help="Back to what is deployed: put right what was changed by hand.")
@click.option(
    "--resume", "resumed", is_flag=True, help="Go on with a deployment whose controller died (DIGEST: its id)."
)
@ssh_key
def deploy(  # noqa: PLR0913  # one parameter for each word of the command line
    *,
    digest: str,
    ref: str,
    only: tuple[str, ...],
    without: tuple[str, ...],
    repair: bool,
    resumed: bool,
    key: str | None,
) -> None:
    """Roll out the approved plan with DIGEST, node by node, with health checks.

    Without DIGEST: plan REF, show it, ask, and go on. Where that was approved already and nothing moved since, nobody
    is asked again. A failure takes back every node that was touched (`rollout.on_failure`).
    """
    if repair and (resumed or digest or ref != "HEAD"):
        raise UsageError(
            "--repair goes to what is deployed: it takes no digest, --ref or --resume",
            remedy="`stems deploy --resume` goes on with what is under way, `stems deploy --repair` alone repairs",
        )
    if (digest or resumed) and (only or without or ref != "HEAD" or key):
        what = "--resume goes on with" if resumed else "a digest names"
        raise UsageError(
            f"{what} exactly the plan that was approved: it takes no --node, --without, --ref or --key",
            remedy="for other nodes or another commit make another plan: `stems plan`",
        )
    with this_workspace(acts=True) as workspace:
        if resumed:
            resume(workspace, digest)
        elif digest:
            deploy_saved(workspace, digest)
        elif repair:
            plan_and_deploy(workspace, Wish("", "repair", only, without, key))
        else:
            commit = workspace.repository.resolve(ref)
            warn_if_dirty(workspace, commit)
            plan_and_deploy(workspace, Wish(commit, "deploy", only, without, key))
