"""A small cluster and a job on a tree in a temporary folder."""

from __future__ import annotations

from pathlib import Path

from stems.infrastructure.local import LocalRunner
from stems.model.cluster import Cluster, Domains, SystemDomain
from stems.model.node import Node, SshAddress
from stems.tools.base import Job, Site, Tree

NODES = {
    "crtr": Node("crtr", "cooperator", SshAddress("192.0.2.11", "owner", 2222), role="gateway", arch="arm64"),
    "drtr": Node("drtr", "director", SshAddress("drtr.example"), role="gpu", arch="x86_64"),
    "prtr": Node("prtr", "projector", SshAddress("prtr.example"), role="work", arch="x86_64"),
}
VARIABLES = {name: {"node_name": name, "folder": f"/etc/{name}", "odd": "{{ not a template }}"} for name in NODES}


def cluster(settings: SystemDomain) -> Cluster:
    return Cluster("lab", "~/config", NODES, domains=Domains(system=settings))


def job(root: Path, files: dict[str, str], *, inventory: str = "") -> Job:
    for name, text in files.items():
        path = root / "ansible" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings = SystemDomain("ansible", "ansible", inventory=inventory)
    private = root / "private"
    private.mkdir(mode=0o700, exist_ok=True)
    return Job(cluster(settings), settings, Tree(root, "0" * 40), VARIABLES, LocalRunner(), private)


def site(name: str, *, ssh: tuple[str, ...] = (), is_local: bool = False) -> Site:
    return Site(NODES[name], LocalRunner(), "/home/owner", "/home/owner/state", "", "", ssh=ssh, is_local=is_local)
