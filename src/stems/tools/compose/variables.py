"""The interpolation environment of Compose on a node: the variables of the cluster, and who the node is."""

from __future__ import annotations

import re

from stems.model.names import VARIABLE, is_name
from stems.model.node import Node
from stems.tools.base import Job

GIVEN = frozenset({"HOME", "USER", "LOGNAME", "SHELL", "PATH", "PWD"})
"""What the node's own environment has. `UID` is a variable of the shell that it gives to nobody."""

OWN = frozenset({"NODE_NAME", "HOSTNAME", "NODE_ROLE", "CLUSTER_NAME"})
"""What stems itself gives to Compose: who the node is."""

_RESERVED = re.compile(r"PATH|HOME|IFS|SHELL|USER|LOGNAME|PWD|ENV|LD_\w+|DOCKER_\w+|COMPOSE_(?!PROFILES$)\w+")


def environment(job: Job, node: Node) -> dict[str, str]:
    """Variables with one value each; lists and maps have no place in an environment."""
    resolved = {
        name: _text(value)
        for name, value in job.variables.get(node.name, {}).items()
        if isinstance(value, str | int | float) and is_name(VARIABLE, name) and not _RESERVED.fullmatch(name)
    }
    own = {
        "NODE_NAME": node.name,
        "HOSTNAME": node.hostname,
        "NODE_ROLE": node.role,
        "CLUSTER_NAME": job.cluster.name,
    }
    return {**resolved, **own}


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
