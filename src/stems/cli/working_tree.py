"""The configuration as it lies in the working tree: what somebody edits right now, committed or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stems.cli.here import here
from stems.configuration.load import load_cluster
from stems.configuration.text import read_text
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.runner import Runner
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.tools.git.repository import Repository


@contextmanager
def working_tree() -> Iterator[tuple[Repository, Cluster, Runner]]:
    local = LocalRunner()
    repository = Repository.find(here(), local)
    yield repository, load_cluster(read_text(repository.root / CLUSTER_FILE, CLUSTER_FILE)), local
