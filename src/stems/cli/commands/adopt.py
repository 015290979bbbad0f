"""`stems adopt`: configuration for what already runs."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.options import as_json
from stems.cli.render.adopt import adopted_document, candidates_document, render_adopted, render_candidates
from stems.cli.workspace import this_workspace
from stems.errors import UsageError
from stems.lifecycle.adopt import adopt as adopt_one
from stems.lifecycle.undeclared import adoptable
from stems.model.cluster import CLUSTER_FILE


@click.command()
@click.argument("node", shell_complete=completion.nodes)
@click.argument("name", default="")
@click.option("--as", "service", default="", metavar="SERVICE", help="Its name in the cluster file. Default: its own.")
@as_json
def adopt(*, node: str, name: str, service: str, json: bool) -> None:
    """List what runs on NODE without being declared, or write configuration for one of them.

    NAME is a Compose project or a container that was started by itself; `project:NAME` and `container:NAME` tell two
    of one name apart. Its files go to a folder of its own under `domains.services.source`, its entry to
    config/cluster.yml, in the working tree: nothing is committed, nothing that exists is overwritten, and nothing on
    the node changes. A project is taken from its own files where they can be read, everything else is written from
    `docker inspect`. Values of environments stay on the node: env.template has their names.
    """
    if service and not name:
        raise UsageError("--as: there is no NAME to be called so", remedy=f"see `stems adopt {node}`")
    with this_workspace() as workspace:
        if not name:
            found = adoptable(workspace, node)
            if json:
                output.say_json(candidates_document(node, found))
            else:
                output.say_lines(render_candidates(node, found))
            return
        made = adopt_one(workspace, node, name, service=service)
    if json:
        output.say_json(adopted_document(made))
    else:
        output.say_lines(render_adopted(made))
    if not made.line:
        output.warn(
            f"{CLUSTER_FILE}: `services` is not in block style, so nothing was added to it",
            f"paste the lines under `services` of {CLUSTER_FILE}",
        )
