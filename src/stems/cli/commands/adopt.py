"""`stems adopt`: configuration for a repository without it, and for what already runs."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.adopt import adopted_document, candidates_document, render_adopted, render_candidates
from stems.cli.workspace import this_workspace
from stems.errors import UsageError
from stems.lifecycle.adopt import adopt as adopt_one
from stems.lifecycle.undeclared import adoptable
from stems.model.cluster import CLUSTER_FILE


@click.command()
@click.argument("node", default="", shell_complete=completion.nodes)
@click.argument("name", default="")
@click.option("--as", "service", default="", metavar="SERVICE", help="Its name in the cluster file. Default: its own.")
@click.option("--write", is_flag=True, help="Without NODE: write config/cluster.yml, where there is none.")
@as_json
def adopt(*, node: str, name: str, service: str, write: bool, json: bool) -> None:
    """Propose config/cluster.yml for this repository; with NODE, configuration for what runs there undeclared.

    Without NODE, the proposal is made from inventories, ssh_config, playbooks, Compose files, data of chezmoi and other
    places that `stems assess` names. Each guess says where it comes from, what is not certain is commented out. It is
    printed; --write writes it where there is no such file. Nothing else is changed.

    With NODE alone, list what runs there without being declared. NAME is a Compose project or a container that was
    started by itself; `project:NAME` and `container:NAME` tell two of one name apart. Its files go to a folder of its
    own under `domains.services.source`, its entry to config/cluster.yml, in the working tree: nothing is committed,
    nothing that exists is overwritten, and nothing on the node changes. A project is taken from its own files where
    they can be read, everything else is written from `docker inspect`. Values of environments stay on the node:
    env.template has their names.
    """
    if write and node:
        raise UsageError(
            "--write is about the whole repository, and NODE about one node", remedy="leave one of them out"
        )
    if service and not name:
        raise UsageError("--as: there is no NAME to be called so", remedy=f"see `stems adopt {node or 'NODE'}`")
    if not node:
        _repository(write=write, json=json)
    elif not name:
        _candidates(node, json=json)
    else:
        _one(node, name, service=service, json=json)


def _repository(*, write: bool, json: bool) -> None:
    # Who adopts one container does not wait for what judges a repository.
    from stems.cli.render.adopt_repository import proposed_document, render_written  # noqa: PLC0415
    from stems.lifecycle.adopt_repository import propose_for, write_proposed  # noqa: PLC0415

    proposed = propose_for(here(), whole=True)
    if write:
        write_proposed(proposed)
    if json:
        output.say_json(proposed_document(proposed, written=write))
    elif write:
        output.say_lines(render_written(proposed))
    else:
        output.say(proposed.text.rstrip("\n"))
        if proposed.exists:
            output.warn(f"{CLUSTER_FILE} exists, and this is not what it says", "compare the two by hand")
        else:
            output.tell("next: write it with `stems adopt --write`, read every guess, then run `stems validate`")


def _candidates(node: str, *, json: bool) -> None:
    with this_workspace() as workspace:
        found = adoptable(workspace, node)
    if json:
        output.say_json(candidates_document(node, found))
    else:
        output.say_lines(render_candidates(node, found))


def _one(node: str, name: str, *, service: str, json: bool) -> None:
    with this_workspace() as workspace:
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
