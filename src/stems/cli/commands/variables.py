"""`stems variables`: what a node's templates and tools receive, and from where."""

from __future__ import annotations

import json as encoder

import click

from stems.cli import completion, output
from stems.cli.here import here
from stems.cli.options import as_json
from stems.cli.render.text import bold, columns, dim
from stems.configuration.variables import Variable, for_compose, resolve
from stems.lifecycle.validate import read_working_tree
from stems.lifecycle.workspace import unknown_node
from stems.model.names import printable

_WIDTH = 80


@click.command()
@click.argument("node", shell_complete=completion.nodes)
@as_json
def variables(*, node: str, json: bool) -> None:
    """Show every variable of NODE and the layer that it came from.

    cluster < architecture < role < node: the last one wins, and a mapping is replaced as a whole. What stems itself
    sets is shown too. Long values are cut; --json has them whole. This reads the working tree, committed or not.
    """
    cluster = read_working_tree(here())
    if node not in cluster.nodes:
        raise unknown_node(node, cluster)
    found = {**resolve(cluster, cluster.nodes[node]), **for_compose(cluster, cluster.nodes[node])}
    if json:
        output.say_json(variables_document(node, found))
    else:
        output.say_lines(render_variables(found))


def render_variables(found: dict[str, Variable]) -> list[str]:
    head = (dim("VARIABLE"), dim("FROM"), dim("VALUE"))
    return columns([head, *((bold(name), each.origin, _shown(each.value)) for name, each in found.items())])


def variables_document(node: str, found: dict[str, Variable]) -> dict[str, object]:
    values = {name: {"value": each.value, "origin": each.origin} for name, each in found.items()}
    return {"schema": "stems.variables/1", "node": node, "variables": values}


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else encoder.dumps(value, ensure_ascii=False)
    text = printable(text).replace("\n", "⏎")
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
