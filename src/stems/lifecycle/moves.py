"""A service that changes its node: refused where data would stay behind, or where two copies could run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from stems.errors import ConfigurationError, StemsError, UnknownError
from stems.infrastructure.guards import reading
from stems.lifecycle import records
from stems.lifecycle.look.observe import Observed, known, observe
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
    """Raise for the first move that must not happen. `planned` are the nodes that this plan reaches.

    A service may come from a node that the plan leaves out. Where one comes to a planned node, the others are asked,
    and what the ledger says was deployed on those that do not answer counts.
    """
    if any(service.keeps_data for service in target.services.values()):
        _bring_deployed_commits(workspace, observed)
    placed = deployed_services(workspace, {seen.deployed for seen in observed.values()})
    if any(newcomers(target, placed, planned)):
        elsewhere = _elsewhere(workspace, planned)
        placed = deployed_services(workspace, {*elsewhere, *(seen.deployed for seen in observed.values())})
    for move in moves(target, placed):
        error = problem(target, move, reached=set(planned) & set(observed))
        if error:
            raise error


def newcomers(target: Cluster, placed: Mapping[str, frozenset[str]], planned: Collection[str]) -> Iterator[Service]:
    """Services that a planned node would run and that nobody saw there."""
    for service in target.services.values():
        if set(service.nodes) & set(planned) - placed.get(service.name, frozenset()):
            yield service


def _elsewhere(workspace: Workspace, planned: Collection[str]) -> set[str]:
    """The commits of the nodes that are left out, from themselves or, where they are silent, from the ledger."""
    others = [node for node in workspace.cluster.nodes.values() if node.name not in planned]
    if not others:
        return set()
    runners = {node.name: reading(workspace.runner(node)) for node in others}
    seen = known(observe(workspace.cluster, runners, others))
    _bring_deployed_commits(workspace, seen)
    recorded = records.last_commits(workspace)
    silent = {recorded[node.name] for node in others if node.name not in seen and node.name in recorded}
    return {each.deployed for each in seen.values()} | silent


def _bring_deployed_commits(workspace: Workspace, observed: Mapping[str, Observed]) -> None:
    """Without the commit that a node runs, nobody can say which data it put where."""
    for name, seen in observed.items():
        if not seen.deployed:
            continue
        try:
            records.bring_commit(workspace, seen.deployed, {name: seen.facts.home})
        except UnknownError:
            raise UnknownError(
                f"{name}: runs commit {seen.deployed[:12]}, which this clone lacks, so where data lies is unknown",
                remedy="`git fetch` the branch that was deployed, then try again",
            ) from None


def deployed_services(workspace: Workspace, commits: Iterable[str]) -> dict[str, frozenset[str]]:
    """Where each service was placed by the commits that nodes run."""
    placed: dict[str, set[str]] = {}
    for commit in sorted(filter(None, commits)):
        if workspace.repository.has(commit):
            for service in workspace.cluster_at(commit).services.values():
                placed.setdefault(service.name, set()).update(service.nodes)
    return {name: frozenset(nodes) for name, nodes in placed.items()}


def moves(target: Cluster, deployed: Mapping[str, frozenset[str]]) -> Iterator[Move]:
    for service in target.services.values():
        before = deployed.get(service.name, frozenset())
        if not service.keeps_data:
            # Of a node that was taken out of the cluster only data would be missed.
            before &= target.nodes.keys()
        move = Move(service, before - set(service.nodes), frozenset(service.nodes) - before)
        if before and move.leaves and move.comes_to:
            yield move


def problem(target: Cluster, move: Move, *, reached: Collection[str]) -> StemsError | None:
    name, there = move.service.name, ", ".join(sorted(move.leaves))
    place = target.written.place("services", name)
    if move.service.keeps_data:
        return ConfigurationError(
            f"{place}: {name} keeps data on {there}, and another node would start without it",
            remedy=f"put {there} back into services.{name}.node; moving it with its data is `stems move`, which this "
            "version lacks. By hand: deploy once without the service, copy its volumes, then add it on its new node",
        )
    absent = sorted(move.leaves - set(reached))
    if absent:
        return UnknownError(
            f"{place}: {name} may still run on {', '.join(absent)}, which this plan does not reach: "
            "no second copy is started",
            remedy=f"include {', '.join(absent)} in the plan; bring it back first if it does not answer",
        )
    return None
