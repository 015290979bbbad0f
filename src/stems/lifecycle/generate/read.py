"""What everything is made from: the cluster file of the working tree, committed or not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stems.infrastructure.local import LocalRunner
from stems.lifecycle.validate import read_tree
from stems.lifecycle.workspace import KNOWN_HOSTS
from stems.model.cluster import Cluster
from stems.tools.git.repository import Repository

if TYPE_CHECKING:
    from stems.lifecycle.generate.source import Source


@dataclass(frozen=True, slots=True)
class Read:
    """A cluster and the repository that it was read from."""

    repository: Repository
    cluster: Cluster

    @property
    def known_hosts(self) -> str:
        """The file with the pinned keys here, below `~` where it lies there, so that any clone there gives the same."""
        path, home = self.repository.root.resolve() / KNOWN_HOSTS, Path.home().resolve()
        return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)

    @property
    def known_hosts_on_nodes(self) -> str:
        return f"{self.cluster.checkout.rstrip('/')}/{KNOWN_HOSTS}"

    def source(self) -> Source:
        """With what the files of services say."""
        from stems.lifecycle.generate.source import read_source  # noqa: PLC0415  # only what needs tools pays for them

        return read_source(self.repository, self.cluster)

    def folder_of(self, output: Path | None) -> str:
        """The way from the folder of a file to the root of the repository, for links; empty without a file."""
        if output is None:
            return ""
        folder = output if output.is_dir() else output.parent
        way = os.path.relpath(self.repository.root.resolve(), folder.resolve())
        return "" if way == "." else f"{way}/"


def read_cluster(folder: Path) -> Read:
    repository = Repository.find(folder, LocalRunner())
    return Read(repository, read_tree(repository.root))
