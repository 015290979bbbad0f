"""`stems history`: what was deployed, by whom, and how it ended."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.options import as_json
from stems.cli.render.history import render_deployment, render_history
from stems.cli.workspace import this_workspace
from stems.errors import UsageError
from stems.lifecycle import records


@click.command()
@click.argument("identity", default="", shell_complete=completion.deployments)
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(min=1), help="How many deployments to show."
)
@click.option(
    "--from", "source", default="", metavar="NODE", shell_complete=completion.nodes,
    help="Read what this node was told, not this clone.",
)  # fmt: skip
@as_json
def history(*, identity: str, limit: int, source: str, json: bool) -> None:
    """Show the deployments in the ledger, newest first; with IDENTITY one of them, node by node.

    A clone that has no ledger yet asks the nodes for theirs. Nothing is written.
    """
    with this_workspace() as workspace:
        found = records.deployments(workspace, source=source)
        if identity:
            chosen = [each for each in found if each.identity.startswith(identity)]
            if len(chosen) != 1:
                problem = "no such deployment" if not chosen else "more than one deployment begins so"
                raise UsageError(f"{identity}: {problem}", remedy="`stems history` lists them")
            if json:
                output.say_json(chosen[0].to_json())
            else:
                output.say_lines(render_deployment(workspace, chosen[0]))
            return
        if json:
            output.say_json({"schema": "stems.history/1", "deployments": [each.to_json() for each in found[:limit]]})
        else:
            output.say_lines(render_history(workspace, found[:limit]))
