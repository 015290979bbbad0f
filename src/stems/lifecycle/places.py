"""Where things lie on a node."""

from __future__ import annotations

from stems.infrastructure.runner import NodeRunner
from stems.model.cluster import Cluster
from stems.model.node import Node, Privilege
from stems.tools.base import Site


def unseen_state_folder(cluster: Cluster) -> str:
    """The state folder on a node whose home is not known yet."""
    return state_folder(cluster, "~")


def state_folder(cluster: Cluster, home: str) -> str:
    return f"{home}/.local/state/stems/{cluster.name}"


def checkout_folder(cluster: Cluster, home: str) -> str:
    return cluster.checkout.replace("~", home, 1) if cluster.checkout.startswith("~/") else cluster.checkout


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
