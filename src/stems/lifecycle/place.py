"""Which nodes a service fits on, and why not on the others, from what the repository says; no node is asked."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path

from stems.errors import UsageError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.missing import missing_on, unsure_of
from stems.lifecycle.validate import judge_placement, read_tree, working_tree
from stems.model.cluster import Cluster
from stems.model.finding import Finding, Severity
from stems.model.service import Service
from stems.model.truth import UNKNOWN
from stems.tools.base import Tree
from stems.tools.git.repository import Repository
from stems.validation.codes import PERHAPS_TWO_OWNERS
from stems.validation.hardware import Has, has_of, memory_asked
from stems.validation.rules.placement import unwatched_mount
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes


class Fit(IntEnum):
    """Whether a service can run on a node. What nobody knows is neither yes nor no. The best comes first."""

    FITS = 0
    UNKNOWN = 1
    DOES_NOT_FIT = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node, and what speaks against it, what is not known, and what to mind. Memory in bytes, None where unknown."""

    node: str
    fit: Fit
    reasons: tuple[str, ...]
    has: Has
    memory_left: int | None
    beside: tuple[str, ...]
    impact: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Placement:
    """The nodes for a service, the best first. `needed_by` are the services that wait for it."""

    service: Service
    is_declared: bool
    candidates: tuple[Candidate, ...]
    needed_by: tuple[str, ...]


def place(folder: Path, name: str) -> Placement:
    """Read the working tree, committed or not."""
    repository = Repository.find(folder, LocalRunner())
    tree = working_tree(repository)
    cluster = read_tree(tree.root)
    service = cluster.services.get(name) or _undeclared(cluster, tree, name)
    with tempfile.TemporaryDirectory(prefix="stems-") as private:
        before = _judged(_with(cluster, service, ()), tree, Path(private))[1]
        candidates = [_candidate(cluster, service, node, tree, Path(private), before) for node in cluster.nodes]
    candidates.sort(key=lambda each: (each.fit, len(each.reasons), -(each.memory_left or 0), each.node))
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
    new = sorted(findings - before, key=lambda each: (each.place, each.code, each.message))
    against = [each for each in new if each.severity is not Severity.NOTE]
    found = subject.once(truth_of_nodes).nodes.get(node)
    # A disk that nothing checks is known only where somebody looked.
    unclear = {PERHAPS_TWO_OWNERS, *((unwatched_mount.CODE,) if found is None or found.mounts is UNKNOWN else ())}
    unsure = [each.message for each in new if each.code in unclear]
    unsure += unsure_of(subject, service, node)
    lacking = list(missing_on(subject, service, node))
    mind = [each.message for each in new if each.severity is Severity.NOTE and each.code not in unclear]
    has = subject.once(has_of)[node]
    return Candidate(
        node,
        Fit.DOES_NOT_FIT if against or lacking else Fit.UNKNOWN if unsure else Fit.FITS,
        tuple(dict.fromkeys((*(each.message for each in against), *lacking, *unsure, *mind))),
        has,
        None if has.memory is None else has.memory - memory_asked(subject, node),
        tuple(one.name for one in there.services_on(node) if one.name != service.name),
        cluster.nodes[node].when_down.impact,
        node in service.nodes,
    )
