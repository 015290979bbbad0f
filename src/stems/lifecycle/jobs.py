"""What each tool is asked about, for one commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stems.configuration.exceptions import exceptions_of
from stems.configuration.variables import plain, resolve_all
from stems.infrastructure.guards import previewing_here
from stems.infrastructure.runner import Runner
from stems.lifecycle.workspace import Workspace
from stems.model.change import Domain, Group
from stems.model.cluster import Cluster
from stems.tools.base import Job, Settings, Tool, Tree
from stems.tools.exceptions import Exceptions
from stems.tools.git.tree import export
from stems.tools.registry import tools_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One domain entry of a commit with its tool."""

    tool: Tool
    job: Job

    @property
    def domain(self) -> Domain:
        return self.tool.DOMAIN

    def to_apply(self, identity: str, local: Runner, *, blocked: str = "", part: Group = Group.NONE) -> Job:
        """The job as a deployment carries it out: only then may it write."""
        return replace(self.job, deployment=identity, local=local, blocked=blocked, part=part)


@dataclass(frozen=True, slots=True)
class Work:
    """A commit made ready: the cluster that holds for it, its tree on this machine, and one entry per domain entry."""

    commit: str
    cluster: Cluster
    tree: Tree
    entries: tuple[Entry, ...]
    exceptions: Exceptions = field(default_factory=Exceptions)


def prepare(workspace: Workspace, commit: str, cluster: Cluster, *, judged: bool = False) -> Work:
    """Make a commit ready to be previewed or applied. `judged` says that the rules of today count for it."""
    settings = list(tools_of(cluster))
    sources = [setting.source for _, setting in settings]
    tree = workspace.held.enter_context(export(workspace.repository, commit, cluster=cluster.name, sources=sources))
    exceptions = exceptions_of(tree.root)

    def job(setting: Settings) -> Job:
        return Job(
            cluster=cluster,
            settings=setting,
            tree=tree,
            variables=variables,
            local=previewing_here(workspace.local),
            private=workspace.private,
            exceptions=exceptions,
            judged=judged,
        )

    variables = variables_of(cluster)
    entries = tuple(Entry(tool, job(setting)) for tool, setting in settings)
    return Work(commit, cluster, tree, entries, exceptions)


def variables_of(cluster: Cluster) -> dict[str, Mapping[str, object]]:
    return {name: plain(variables) for name, variables in resolve_all(cluster).items()}
