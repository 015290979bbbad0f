"""`stems discover`: what every node is found to be, written down."""

from __future__ import annotations

import click

from stems.cli import output
from stems.cli.options import as_json, only_nodes
from stems.cli.render.discover import discovered_document, render_discovered
from stems.cli.workspace import this_workspace
from stems.errors import ExitCode
from stems.lifecycle.discover import discover as ask_nodes
from stems.lifecycle.discover import write_found
from stems.model.observation import Present


@click.command()
@only_nodes
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@as_json
def discover(*, only: tuple[str, ...], dry_run: bool, json: bool) -> ExitCode:
    """Ask every node what it is, and write that down: one file for each node, in truth/ or, where that exists, in
    .meta/ssot/.

    Architecture, processors, memory, disks, mounts, GPU, devices, operating system, addresses, Docker, containers,
    units and accounts come in one script that only reads and needs no root. What cannot be seen is `unknown`. What
    passes is left out, such as load, free space and ids, so that the file changes only when the node does; what changed
    is shown. Only files that this command wrote are replaced. The file of a node that does not answer stays as it is,
    and so does a part that was seen before and cannot be seen now. Nothing is committed. `stems validate` compares the
    files with config/cluster.yml.
    """
    with this_workspace() as workspace:
        answers = ask_nodes(workspace, only)
        found = [answer.value for answer in answers.values() if isinstance(answer, Present)]
        if not dry_run:
            write_found(workspace.repository, found)
        if json:
            output.say_json(discovered_document(workspace, answers, written=not dry_run))
        else:
            output.say_lines(render_discovered(answers, written=not dry_run))
        is_whole = len(found) == len(answers) and not any(one.unseen for one in found)
        return ExitCode.DONE if is_whole else ExitCode.UNKNOWN
