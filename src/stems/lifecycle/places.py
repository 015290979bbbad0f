"""Where things lie on a node."""

from __future__ import annotations

from stems.model.cluster import Cluster


def unseen_state_folder(cluster: Cluster) -> str:
    """The state folder on a node whose home is not known yet."""
    return state_folder(cluster, "~")


def state_folder(cluster: Cluster, home: str) -> str:
    return f"{home}/.local/state/stems/{cluster.name}"


def checkout_folder(cluster: Cluster, home: str) -> str:
    return cluster.checkout.replace("~", home, 1) if cluster.checkout.startswith("~/") else cluster.checkout
