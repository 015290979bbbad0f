"""`stems drift`: what differs from what was deployed, and hand edits back into the repository."""

from __future__ import annotations

import click

from stems.cli import output
from stems.cli.options import as_json, only_nodes, without_nodes
from stems.cli.progress import waiting
from stems.cli.render.drift import drift_document, render_drift
from stems.cli.render.keep import kept_document, render_kept
from stems.cli.workspace import this_workspace
from stems.errors import ExitCode
from stems.lifecycle.drift import Drift, find_drift
from stems.lifecycle.keep import keep
from stems.lifecycle.targets import chosen_nodes
from stems.lifecycle.workspace import Workspace


@click.command()
@only_nodes
@without_nodes
@click.option(
    "--keep", "kept", multiple=True, metavar="RESOURCE",
    help="Write this hand edit into the working tree; may be repeated.",
)  # fmt: skip
@as_json
def drift(*, only: tuple[str, ...], without: tuple[str, ...], kept: tuple[str, ...], json: bool) -> int:
    """Ask every tool what it would change to get back to what is deployed.

    Changed by hand is what a repair would put right; not yet applied is what the repository has since; unmanaged is
    what nobody declared, and is left alone.

    With --keep, the file that RESOURCE names is read from the node and written to its place in the working tree, to
    be reviewed and committed. RESOURCE is what this command prints, such as file:~/.tmux.conf.
    """
    with this_workspace(acts=True) as workspace:
        nodes = chosen_nodes(workspace.cluster, only=only, without=without)
        with waiting("asking every tool on every node"):
            found = find_drift(workspace, nodes)
        return _keep(workspace, found, kept, json=json) if kept else _show(workspace, found, json=json)


def _show(workspace: Workspace, found: Drift, *, json: bool) -> int:
    if json:
        output.say_json(drift_document(workspace, found))
    else:
        output.say_lines(render_drift(workspace, found))
        for error in found.unknown.values():
            output.show_error(error)
        if found.found:
            output.tell(" next: put it right with `stems deploy --repair`")
            output.tell("       or bring it into the repository with `stems drift --keep RESOURCE`")
    if found.unknown:
        return ExitCode.UNKNOWN
    return ExitCode.DRIFT if found.found else ExitCode.DONE


def _keep(workspace: Workspace, found: Drift, resources: tuple[str, ...], *, json: bool) -> int:
    kept = keep(workspace, found, resources)
    if json:
        output.say_json(kept_document(workspace, kept))
    else:
        output.say_lines(render_kept(kept))
        output.tell(" next: review it with `git diff`, commit it, then `stems plan`")
    return ExitCode.DONE
