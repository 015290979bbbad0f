"""Options that several commands share."""

from __future__ import annotations

import click

from stems.cli import completion

as_json = click.option("--json", is_flag=True, help="One JSON document on standard output.")
only_nodes = click.option(
    "--node", "only", multiple=True, metavar="NODE", shell_complete=completion.nodes,
    help="Only this node; may be repeated.",
)  # fmt: skip
without_nodes = click.option(
    "--without", multiple=True, metavar="NODE", shell_complete=completion.nodes,
    help="Leave this node out; may be repeated.",
)  # fmt: skip
ssh_key = click.option(
    "--key", type=click.Path(dir_okay=False), metavar="FILE", help="The private SSH key to sign with; found otherwise."
)
full_diffs = click.option("--diff", "full_diff", is_flag=True, help="Show every diff in full, new files too.")
