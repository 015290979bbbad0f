"""The variables of one node as template data of chezmoi: what stems hands to it."""

from __future__ import annotations

import json

from stems.lifecycle.generate.made import Made, says
from stems.lifecycle.jobs import variables_of
from stems.lifecycle.workspace import require_node
from stems.model.cluster import Cluster
from stems.model.names import escaped
from stems.readers.written import write_yaml
from stems.tools.chezmoi.node import template_data

NAME = "chezmoi-data"


def chezmoi_data(cluster: Cluster, node: str, *, as_json: bool = False) -> Made:
    """As `.chezmoidata.yaml`, or as `.chezmoidata.json`."""
    data = json.loads(template_data(variables_of(cluster)[require_node(cluster, node).name]))
    if as_json:
        return Made(json.dumps(data, indent=2, sort_keys=True) + "\n", is_marked=False)
    return Made(f"# {says(NAME)}\n# The variables of {node}.\n{escaped(write_yaml(data))}")
