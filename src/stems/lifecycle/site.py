"""A node as the tools meet it."""

from __future__ import annotations

from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.places import checkout_folder, state_folder
from stems.model.cluster import Cluster
from stems.model.node import Node, Privilege
from stems.tools.base import Site


def site(cluster: Cluster, node: Node, runner: NodeRunner, *, home: str, commit: str, deployed: str = "") -> Site:
    state = state_folder(cluster, home)
    return Site(
        node=node,
        runner=runner,
        home=home,
        state=state,
        stage=f"{state}/stage/{commit}",
        checkout=checkout_folder(cluster, home),
        deployed=deployed,
        ssh=runner.ssh,
        is_local=runner.is_local,
        password=runner.password if node.privilege is Privilege.SUDO_PASSWORD else None,
    )
