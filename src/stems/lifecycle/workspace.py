"""What every command starts from: the repository, the current commit's cluster, and a runner for each node."""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stems.configuration.remember import known_cluster
from stems.errors import ConfigurationError, UsageError
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.runner import NodeRunner, Runner
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.infrastructure.this_node import ThisNodeRunner
from stems.model.cluster import CLUSTER_FILE, Cluster
from stems.model.node import Node
from stems.tools.git.repository import Repository

KNOWN_HOSTS = "config/known_hosts"


@dataclass(frozen=True)
class Workspace:
    """One command's view: nodes, SSH, host keys, gates and approvers are those of the current commit.

    `private` is a folder of this run with mode 0700. `password` asks for the sudo password, once.
    """

    repository: Repository
    head: str
    cluster: Cluster
    local: Runner
    private: Path
    held: ExitStack = field(repr=False)
    pinned: str = ""
    password: Callable[[], str] | None = field(default=None, repr=False)

    @property
    def known_hosts(self) -> Path:
        return self.private / "known_hosts"

    def runner(self, node: Node, *, run_id: str = "") -> NodeRunner:
        """How to run on a node: directly when it is this machine and we are its user, over SSH otherwise."""
        if is_own_account(node.ssh.user) and is_this_machine(node.name, self.pinned, own_host_keys()):
            return ThisNodeRunner(node, run_id=run_id, password=self.password)
        return SshRunner(node, self.known_hosts, control_folder(), run_id=run_id, password=self.password)

    def runners(self, *, run_id: str = "") -> Mapping[str, NodeRunner]:
        return {name: self.runner(node, run_id=run_id) for name, node in self.cluster.nodes.items()}

    def node(self, name: str) -> Node:
        return require_node(self.cluster, name)

    def cluster_at(self, commit: str) -> Cluster:
        return read_cluster(self.repository, commit)


@contextmanager
def open_workspace(path: Path, *, password: Callable[[], str] | None = None) -> Iterator[Workspace]:
    """The workspace of the repository that `path` lies in."""
    local = LocalRunner()
    repository = Repository.find(path, local)
    head = repository.head()
    content, hosts = repository.show_all(head, CLUSTER_FILE, KNOWN_HOSTS)
    cluster = _cluster_of(content, head)
    pinned = (hosts or b"").decode("utf-8", "replace")
    with ExitStack() as held:
        private = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="stems-")))
        (private / "known_hosts").write_text(pinned)
        yield Workspace(repository, head, cluster, local, private, held, pinned, password)


def read_cluster(repository: Repository, commit: str) -> Cluster:
    return _cluster_of(repository.show(commit, CLUSTER_FILE), commit)


def _cluster_of(content: bytes | None, commit: str) -> Cluster:
    if content is None:
        raise ConfigurationError(
            f"{CLUSTER_FILE}: not in commit {commit[:12]}",
            remedy="write it and commit it; `stems lab up` makes an example repository to learn from",
        )
    return known_cluster(content)


def require_node(cluster: Cluster, name: str) -> Node:
    if name not in cluster.nodes:
        raise unknown_node(name, cluster)
    return cluster.nodes[name]


def unknown_node(name: str, cluster: Cluster) -> UsageError:
    return UsageError(f"{name}: no such node", remedy=f"the nodes are {', '.join(cluster.nodes)}")


def is_this_machine(name: str, pinned: str, own: Iterable[tuple[str, ...]]) -> bool:
    """Whether one of this machine's own SSH host keys is pinned for the node. Its machine-id is compared later."""
    lines = map(str.split, pinned.splitlines())
    theirs = {tuple(words[1:3]) for words in lines if len(words) >= 3 and words[0] == name}
    return bool(theirs) and any(key in theirs for key in own)


def is_own_account(user: str) -> bool:
    """Whether the SSH user of a node is who runs stems: another one has another home, and so other records."""
    try:
        return user in ("", pwd.getpwuid(os.geteuid()).pw_name)
    except KeyError:
        return not user


def own_host_keys(folder: Path = Path("/etc/ssh")) -> tuple[tuple[str, ...], ...]:
    """The public host keys of this machine; none where it runs no sshd."""
    return tuple(tuple(path.read_text().split()[:2]) for path in sorted(folder.glob("ssh_host_*_key.pub")))
