"""`stems place`: which nodes a service fits on, and the one that a person chooses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import click

from stems.cli import completion, output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.place import place_document, proposed_reason, render_place
from stems.cli.workspace import can_ask
from stems.errors import UsageError
from stems.lifecycle.place import Placement
from stems.lifecycle.place import place as find_places
from stems.model.cluster import CLUSTER_FILE


@click.command()
@click.argument("service")
@click.option("--write", is_flag=True, help="Write node and reason to config/cluster.yml, and a decision.")
@click.option("--node", default="", shell_complete=completion.nodes, help="With --write: this node, not the best one.")
@click.option("--reason", default="", metavar="TEXT", help="With --write: why it runs there.")
@as_json
def place(service: str, *, write: bool, node: str, reason: str, json: bool) -> None:
    """Show which nodes SERVICE fits on and why not on the others, the best first.

    SERVICE is one of config/cluster.yml, or a folder of services that is not declared yet. The rules of `stems
    validate` about nodes, ports and owners judge the cluster as if the service ran on each node. Hardware is what is
    declared, or else what `stems discover` found. What nobody knows is unknown. Memory left is what remains after the
    limits, reservations and requirements of everything there, the service included. No node is asked.

    With --write the node and the reason go to config/cluster.yml of the working tree, and a page with the table to
    docs/decisions/. A node that does not fit, or may not, must be named with --node and --reason. A service that keeps
    data stays where it is. Nothing is committed.
    """
    if (node or reason) and not write:
        raise UsageError("--node and --reason are about what is written", remedy="add --write")
    found = find_places(here(), service)
    document = place_document(found)
    if not json:
        output.say_lines(render_place(found))
    if write:
        document["written"] = _write(found, node, reason.strip(), json=json)
    if json:
        output.say_json(document)


def _write(found: Placement, node: str, reason: str, *, json: bool) -> dict[str, str]:
    from stems.lifecycle.placing import choose, write_placement  # noqa: PLC0415  # only who writes pays for it

    chosen = choose(found, node, reason)
    if not reason:
        if not can_ask():
            raise UsageError("--reason: must be given where nobody can be asked", remedy="say why it runs there")
        reason = click.prompt("Reason", default=proposed_reason(found, chosen) or None, err=True).strip()
    placed = write_placement(here(), found, chosen, reason, datetime.now(UTC).date())
    if not json:
        output.say_lines(_told(found.service.name, placed.node, placed.decision))
    return {"node": placed.node, "reason": placed.reason, "decision": placed.decision}


def _told(service: str, node: str, decision: str) -> Iterator[str]:
    if not decision:
        yield f"{CLUSTER_FILE} says so already: {service} on {node}"
        return
    yield f"wrote {CLUSTER_FILE}: {service} on {node}"
    yield f"wrote {decision}"
    yield " next: look at `git diff`, run `stems validate`, commit"
