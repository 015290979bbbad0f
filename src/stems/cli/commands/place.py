"""`stems place`: which nodes a service fits on."""

from __future__ import annotations

import click

from stems.cli import output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.place import place_document, render_place
from stems.lifecycle.place import place as find_places


@click.command()
@click.argument("service")
@as_json
def place(service: str, *, json: bool) -> None:
    """Show which nodes SERVICE fits on and why not on the others, the best first.

    SERVICE is one of config/cluster.yml, or a folder of services that is not declared yet. The rules of `stems
    validate` about nodes, ports and owners judge the cluster as if the service ran on each node. Hardware is what is
    declared, or else what `stems discover` found. What nobody knows is unknown. Memory left is what remains after the
    limits, reservations and requirements of everything there, the service included. No node is asked, and nothing is
    written.
    """
    found = find_places(here(), service)
    if json:
        output.say_json(place_document(found))
    else:
        output.say_lines(render_place(found))
