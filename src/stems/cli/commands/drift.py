"""`stems drift`: what differs from what was deployed."""

from __future__ import annotations

import click

from stems.cli import output
from stems.cli.options import as_json, only_nodes, without_nodes
from stems.cli.progress import waiting
from stems.cli.render.drift import drift_document, render_drift
from stems.cli.workspace import this_workspace
from stems.errors import ExitCode
from stems.lifecycle.drift import find_drift
from stems.lifecycle.targets import chosen_nodes


@click.command()
@only_nodes
@without_nodes
@as_json
def drift(*, only: tuple[str, ...], without: tuple[str, ...], json: bool) -> int:
    """Ask every tool what it would change to get back to what is deployed.

    Changed by hand is what a repair would put right; not yet applied is what the repository has since; unmanaged is
    what nobody declared, and is left alone.
    """
    with this_workspace(acts=True) as workspace:
        nodes = chosen_nodes(workspace.cluster, only=only, without=without)
        with waiting("asking every tool on every node"):
            found = find_drift(workspace, nodes)
        if json:
            output.say_json(drift_document(workspace, found))
        else:
            output.say_lines(render_drift(workspace, found))
            for error in found.unknown.values():
                output.show_error(error)
            if found.found:
                output.tell(" next: put it right with `stems deploy --repair`")
        if found.unknown:
            return ExitCode.UNKNOWN
        return ExitCode.DRIFT if found.found else ExitCode.DONE
