"""Which nodes a service fits on, and why not on the others, from what the repository says; no node is asked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stems.errors import UsageError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.placement.missing import Trial
from stems.lifecycle.placement.verdict import Fit, Reason, fit_by, reasons
from stems.lifecycle.validate import judge_placement, read_tree, working_tree
from stems.model.cluster import Cluster
from stems.model.finding import Finding
from stems.model.node import WhenDown
from stems.model.service import Service
from stems.tools.base import Tree
from stems.tools.git.repository import Repository
from stems.validation.capacity import capacity_of, total
from stems.validation.hardware import Has, has_of
from stems.validation.subject import Subject


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node, and what speaks against it, what is not known, and what to mind.

    What is left remains after all that the services there may take, this one included; None where it is not known.
    `beside` are the other services there, `apart` says which services of other nodes it would depend on, or they on it.
    """

    node: str
    fit: Fit
    reasons: tuple[Reason, ...]
    role: str
    has: Has
    memory_left: int | None
    cpus_left: float | None
    beside: tuple[str, ...]
    apart: tuple[str, ...]
    when_down: WhenDown
    is_current: bool


@dataclass(frozen=True, slots=True)
class Placement:
    """The nodes for a service, the best first. `needed_by` are the services that wait for it."""

    service: Service
    is_declared: bool
    candidates: tuple[Candidate, ...]
    needed_by: tuple[str, ...]

    @property
    def proposed(self) -> Candidate:
        """The best one; where the service keeps data, the one that it is on."""
        stays = self.service.nodes if self.service.keeps_data else ()
        return next((one for one in self.candidates if one.node in stays), self.candidates[0])


def place(folder: Path, name: str) -> Placement:
    """Read the working tree, committed or not."""
    repository = Repository.find(folder, LocalRunner())
    tree = working_tree(repository)
    cluster = read_tree(tree.root)
    return place_in(tree, cluster, cluster.services.get(name) or _undeclared(cluster, tree, name))


def place_in(tree: Tree, cluster: Cluster, service: Service) -> Placement:
    """With the files of a tree, which has what the service needs."""
    name = service.name
    with tempfile.TemporaryDirectory(prefix="stems-") as private:
        before = _judged(_with(cluster, service, ()), tree, Path(private))[1]
        candidates = [_candidate(cluster, service, node, tree, Path(private), before) for node in cluster.nodes]
    candidates.sort(key=_order)
    needed_by = tuple(one.name for one in cluster.services.values() if name in one.after)
    return Placement(service, name in cluster.services, tuple(candidates), needed_by)


def _undeclared(cluster: Cluster, tree: Tree, name: str) -> Service:
    domain = cluster.domains.services
    if domain is None or not any(path.startswith(f"{domain.source}/{name}/") for path in tree.tracked):
        known = ", ".join(cluster.services) or "none"
        raise UsageError(
            f"{name}: no such service, and no folder of services is called so", remedy=f"there are: {known}"
        )
    return Service(name, (), domain.tool)


def _with(cluster: Cluster, service: Service, nodes: tuple[str, ...]) -> Cluster:
    others = {name: one for name, one in cluster.services.items() if name != service.name}
    services = {**others, service.name: replace(service, nodes=nodes)} if nodes else others
    return replace(cluster, services=services)


def _judged(cluster: Cluster, tree: Tree, private: Path) -> tuple[Subject, frozenset[Finding]]:
    subject, findings = judge_placement(cluster, tree, private)
    return subject, frozenset(findings)


def _candidate(
    cluster: Cluster, service: Service, node: str, tree: Tree, private: Path, before: frozenset[Finding]
) -> Candidate:
    """The rules judge the cluster as it would be: what they say then and not without the service is about this node."""
    there = _with(cluster, service, (node,))
    subject, findings = _judged(there, tree, private)
    trial = Trial(subject, service, node)
    found = reasons(trial, sorted(findings - before, key=lambda each: (each.place, each.code, each.message)))
    has, asked, declared = subject.once(has_of)[node], subject.once(capacity_of)[node], cluster.nodes[node]
    return Candidate(
        node,
        fit_by(found),
        found,
        declared.role,
        has,
        None if has.memory is None else int(has.memory - total(asked.memory_most)),
        None if has.cpus is None else has.cpus - total(asked.cpus_most),
        tuple(one.name for one in there.services_on(node) if one.name != service.name),
        tuple(_apart(there, service, node)),
        declared.when_down,
        node in service.nodes,
    )


def _apart(cluster: Cluster, service: Service, node: str) -> Iterator[str]:
    for name in service.after:
        other = cluster.services.get(name)
        if other and other.nodes and node not in other.nodes:
            yield f"it runs after {name}, which is on {', '.join(other.nodes)}"
    for one in cluster.services.values():
        elsewhere = [each for each in one.nodes if each != node]
        if service.name in one.after and elsewhere:
            yield f"{one.name} on {', '.join(elsewhere)} runs after it"


def _order(one: Candidate) -> tuple[object, ...]:
    """The best first: what fits, then the fewest remarks, the fewest nodes to depend on, where it is, memory left."""
    return (one.fit, len(one.reasons), len(one.apart), not one.is_current, -(one.memory_left or 0), one.node)
