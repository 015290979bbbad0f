"""A service that changes its node: refused where data would stay behind, or where two copies could run."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from stems.errors import ConfigurationError, StemsError, UnknownError
from stems.lifecycle.observe import Observed
from stems.lifecycle.records import bring_commit
from stems.lifecycle.workspace import Workspace
from stems.model.cluster import Cluster
from stems.model.service import Service


@dataclass(frozen=True, slots=True)
class Move:
    """A service with the nodes that it leaves and those that it comes to."""

    service: Service
    leaves: frozenset[str]
    comes_to: frozenset[str]


def require_no_move(
    workspace: Workspace, target: Cluster, observed: Mapping[str, Observed], *, planned: Collection[str]
) -> None:
    """Raise for the first move that must not happen. `planned` are the nodes that this plan reaches."""
    if any(service.keeps_data for service in target.services.values()):
        _bring_deployed_commits(workspace, observed)
    for move in moves(target, deployed_services(workspace, observed)):
        error = problem(target, move, reached=set(planned) & set(observed))
        if error:
            raise error


def _bring_deployed_commits(workspace: Workspace, observed: Mapping[str, Observed]) -> None:
    """Without the commit that a node runs, nobody can say which data it put where."""
    for name, seen in observed.items():
        if not seen.deployed:
            continue
        try:
            bring_commit(workspace, seen.deployed, {name: seen.facts.home})
        except UnknownError:
            raise UnknownError(
                f"{name}: runs commit {seen.deployed[:12]}, which this clone lacks, so where data lies is unknown",
                remedy="`git fetch` the branch that was deployed, then try again",
            ) from None


def deployed_services(workspace: Workspace, observed: Mapping[str, Observed]) -> dict[str, frozenset[str]]:
    """Where each service was placed by the commits that the nodes run."""
    placed: dict[str, set[str]] = {}
    for commit in sorted({seen.deployed for seen in observed.values() if seen.deployed}):
        if workspace.repository.has(commit):
            for service in workspace.cluster_at(commit).services.values():
                placed.setdefault(service.name, set()).update(service.nodes)
    return {name: frozenset(nodes) for name, nodes in placed.items()}


def moves(target: Cluster, deployed: Mapping[str, frozenset[str]]) -> Iterator[Move]:
    for service in target.services.values():
        before = deployed.get(service.name, frozenset()) & target.nodes.keys()
        move = Move(service, before - set(service.nodes), frozenset(service.nodes) - before)
        if before and move.leaves and move.comes_to:
            yield move


def problem(target: Cluster, move: Move, *, reached: Collection[str]) -> StemsError | None:
    name, there = move.service.name, ", ".join(sorted(move.leaves))
    place = target.written.place("services", name)
    if move.service.keeps_data:
        return ConfigurationError(
            f"{place}: {name} keeps data on {there}, and another node would start without it",
            remedy=f"put {there} back into services.{name}.node; moving data is `stems move`, which this version lacks",
        )
    absent = sorted(move.leaves - set(reached))
    if absent:
        return UnknownError(
            f"{place}: {name} may still run on {', '.join(absent)}, which did not answer, so no second copy is started",
            remedy=f"bring {', '.join(absent)} back first, or include it in the plan",
        )
    return None
