"""A tree of services, written for one test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stems.infrastructure.local import LocalRunner
from stems.model.cluster import Cluster, ServicesDomain
from stems.model.node import Node, SshAddress
from stems.model.service import Service
from stems.tools.base import Job, Tree

NODE = Node("crtr", "cooperator", SshAddress("crtr.example"), role="gateway")
MakeJob = Callable[..., Job]


@pytest.fixture
def make_job(tmp_path: Path) -> MakeJob:
    """A job about these files below `services/`; each folder is a declared service unless `services` are given."""

    def make(files: dict[str, str], *, services: tuple[Service, ...] = (), **variables: object) -> Job:
        for name, text in files.items():
            path = tmp_path / "services" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        names = dict.fromkeys(name.split("/")[0] for name in files)
        declared = services or tuple(Service(name, ("crtr",), "compose") for name in names)
        cluster = Cluster("colab", "~/c", {"crtr": NODE}, services={one.name: one for one in declared})
        tree = Tree(tmp_path, "0" * 40, frozenset(f"services/{name}" for name in files))
        return Job(cluster, ServicesDomain("compose", "services"), tree, {"crtr": variables}, LocalRunner(), tmp_path)

    return make
