"""Drift: the plan for what is deployed on each node. What it would change, somebody changed by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from stems.errors import StemsError, UnknownError
from stems.infrastructure.guards import reading
from stems.lifecycle.jobs import Work, prepare
from stems.lifecycle.look.observe import known, observe, unknown
from stems.lifecycle.look.paused import paused_services
from stems.lifecycle.plan import Planned, make_plan
from stems.lifecycle.site import site
from stems.lifecycle.targets import cluster_for
from stems.lifecycle.workspace import Workspace
from stems.model.change import Change, Domain
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.model.plan import NodePlan
from stems.tools.base import Site


@dataclass(frozen=True, slots=True)
class NodeDrift:
    """One node against what was deployed on it.

    `by_hand` would be put right by a repair, `unpredictable` are entries of class unknown, which are not drift,
    `pending` are paths of the repository that changed since and concern the node, `unmanaged` what nobody declared.
    `unchecked` are the domains whose tool did not answer: of them nothing is known.
    """

    node: str
    deployed: str
    by_hand: tuple[Change, ...] = ()
    unpredictable: tuple[Change, ...] = ()
    pending: tuple[str, ...] = ()
    unmanaged: tuple[str, ...] = ()
    paused: str = ""
    paused_services: Mapping[str, str] = field(default_factory=dict)
    unchecked: Mapping[Domain, StemsError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drift:
    """All nodes: those that answered, and why the others are unknown.

    `looked` is what each node was asked about, and the node for those who only read there.
    """

    nodes: tuple[NodeDrift, ...]
    unknown: Mapping[str, StemsError] = field(default_factory=dict)
    looked: Mapping[str, tuple[Work, Site]] = field(default_factory=dict, repr=False)

    @property
    def found(self) -> bool:
        return any(node.by_hand and not node.paused for node in self.nodes)


def find_drift(workspace: Workspace, nodes: tuple[Node, ...]) -> Drift:
    """Ask each node what it runs, then preview that commit there."""
    runners = {node.name: reading(workspace.runner(node)) for node in nodes}
    answers = observe(workspace.cluster, runners, nodes)
    missing: dict[str, StemsError] = {name: answer.error for name, answer in unknown(answers).items()}
    by_commit: dict[str, list[Node]] = {}
    for node in nodes:
        if node.name in known(answers):
            by_commit.setdefault(known(answers)[node.name].deployed, []).append(node)
    found: dict[str, NodeDrift] = {node.name: NodeDrift(node.name, "") for node in by_commit.pop("", [])}
    looked: dict[str, tuple[Work, Site]] = {}
    for commit, group in by_commit.items():
        if not workspace.repository.has(commit):
            missing |= {node.name: _unknown_commit(node.name, commit) for node in group}
            continue
        work = work_of_deployed(workspace, commit)
        planned = make_plan(
            workspace, work, tuple(group), purpose="drift", answers={node.name: answers[node.name] for node in group}
        )
        missing |= planned.unknown
        changed = workspace.repository.changed_paths(commit, workspace.head)
        clusters = (workspace.cluster, workspace.cluster_at(commit))
        for node in group:
            if node.name not in planned.unknown:
                services = paused_services(workspace.cluster, node.name)
                pending = concerning(node.name, changed, clusters)
                found[node.name] = replace(_node_drift(node, planned, pending), paused_services=services)
                home = planned.observed[node.name].facts.home
                looked[node.name] = work, site(work.cluster, node, runners[node.name], home=home, commit=commit)
                missing |= _not_seen(planned.plan.of_node(node.name))
                if found[node.name].unchecked:
                    missing[node.name] = next(iter(found[node.name].unchecked.values()))
    return Drift(tuple(found[node.name] for node in nodes if node.name in found), missing, looked)


def work_of_deployed(workspace: Workspace, commit: str) -> Work:
    """A commit that is deployed, made ready with the nodes as they are declared now."""
    return prepare(workspace, commit, cluster_for(workspace.cluster, workspace.cluster_at(commit)))


def _node_drift(node: Node, planned: Planned, pending: tuple[str, ...]) -> NodeDrift:
    part = planned.plan.of_node(node.name)
    return NodeDrift(
        node=node.name,
        deployed=part.deployed,
        by_hand=tuple(change for change in part.changes if change.predictable and not change.only_noted),
        unpredictable=tuple(change for change in part.changes if not change.predictable),
        pending=pending,
        unmanaged=planned.unmanaged.get(node.name, ()),
        paused=node.paused,
        unchecked=planned.unchecked.get(node.name, {}),
    )


def concerning(node: str, paths: Sequence[str], clusters: Sequence[Cluster]) -> tuple[str, ...]:
    """Those of the changed paths that are not only of services which are on other nodes, in every one of `clusters`."""
    folders = [
        (f"{PurePosixPath(cluster.domains.services.source, service.where)}/", node in service.nodes)
        for cluster in clusters
        if cluster.domains.services
        for service in cluster.services.values()
    ]
    here = {folder for folder, is_here in folders if is_here}
    elsewhere = tuple({folder for folder, is_here in folders if not is_here} - here)
    # A service may lie below the folder of another one.
    return tuple(path for path in paths if path.startswith(tuple(here)) or not path.startswith(elsewhere))


def _not_seen(part: NodePlan) -> dict[str, StemsError]:
    """What could not be previewed where everything was deployed once: not looked at is unknown, never in order."""
    if not part.postponed:
        return {}
    problem = f"{part.node}: {part.postponed[0].reason}"
    return {part.node: UnknownError(problem, remedy="repair what comes before it, then look again")}


def _unknown_commit(name: str, commit: str) -> UnknownError:
    return UnknownError(
        f"{name}: runs commit {commit[:12]}, which this clone does not have",
        remedy="`git fetch` the branch that was deployed, then try again",
    )
