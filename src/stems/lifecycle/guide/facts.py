"""What can be seen of a repository without asking a node: files, cluster, findings, deployments."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from stems.errors import StemsError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.validate import read_tree, validate_tree, working_tree
from stems.model.cluster import Cluster
from stems.model.record import FOLDER, last_of_each
from stems.tools.git.ledger import Ledger
from stems.tools.git.repository import Repository
from stems.validation.check import Judgement

KNOWN_HOSTS = "config/known_hosts"


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that is asked for. `is_there` is None where it cannot be told, `how` says what to do."""

    is_there: bool | None
    says: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a repository.

    `cluster` is None without a cluster file that can be read. `deployments` are ids, the newest last; `pinned` are
    names of nodes.
    """

    judgement: Judgement
    cluster: Cluster | None
    paths: Collection[str] = ()
    deployments: tuple[str, ...] = ()
    pinned: frozenset[str] = frozenset()

    def named(self, is_meant: Callable[[str], bool]) -> list[str]:
        return sorted(filter(is_meant, self.paths))


def facts_of(root: Path) -> Facts:
    repository = Repository.find(root, LocalRunner())
    tree = working_tree(repository)
    try:
        cluster = read_tree(tree.root)
    except StemsError:
        cluster = None
    return Facts(
        validate_tree(tree, every_stage=True), cluster, tree.tracked, _deployments(repository), _pinned(tree.root)
    )


def _deployments(repository: Repository) -> tuple[str, ...]:
    return tuple(reversed(last_of_each(Ledger.of(repository).read(FOLDER))))


def _pinned(root: Path) -> frozenset[str]:
    try:
        lines = (root / KNOWN_HOSTS).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    return frozenset(name for line in lines if line and line[0] not in "#@" for name in line.split()[0].split(","))
