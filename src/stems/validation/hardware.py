"""What nodes have, and which containers are put on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from stems.model.finding import Place
from stems.model.node import Hardware, Node
from stems.model.service import Service as DeclaredService
from stems.model.truth import UNKNOWN, Fact, Truth
from stems.tools.compose.model.project import Service
from stems.tools.systemd.units import NAME as SYSTEMD
from stems.validation.loose_containers import loose_containers_of
from stems.validation.projects import services_of
from stems.validation.services import runs
from stems.validation.subject import Subject
from stems.validation.truth import truth_of_nodes

T = TypeVar("T")
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Put:
    """A container on a node, and how many of it there are to be. `is_of_compose` unless a unit starts it."""

    declared: DeclaredService | None
    service: Service
    count: int = 1
    is_of_compose: bool = True

    @property
    def name(self) -> str:
        declared = self.declared
        return (
            f"{declared.name}/{self.service.name}"
            if declared and declared.name != self.service.name
            else self.service.name
        )

    @property
    def place(self) -> Place:
        return self.service.resources.place or self.service.place


@dataclass(frozen=True, slots=True)
class Has:
    """What a node has, as it is declared or else as it was found; None, or no architecture, where neither is known."""

    arch: str = ""
    cpus: int | None = None
    memory: int | None = None
    gpu: int | None = None


def has(node: Node, truth: Truth | None = None) -> Has:
    """What is declared holds, number by number; a rule of its own tells where it is not what was found."""
    declared, found = node.hardware, truth or Truth(node.name)
    # Who declares hardware without a GPU says that there is none; what was found says it better.
    no_gpu = 0 if declared != Hardware() else None
    return Has(
        arch=node.arch or _known(found.arch) or "",
        cpus=declared.cpus or _known(found.cpus),
        memory=declared.memory or _known(found.memory),
        gpu=declared.gpu or (no_gpu if found.gpus is UNKNOWN else found.gpus),
    )


def has_of(subject: Subject) -> Mapping[str, Has]:
    """By node. Asked for with `subject.once`."""
    found = subject.once(truth_of_nodes).nodes
    return {name: has(node, found.get(name)) for name, node in subject.cluster.nodes.items()}


def _known(fact: Fact[T]) -> T | None:
    return None if fact is UNKNOWN else fact


def put_on(subject: Subject) -> dict[str, tuple[Put, ...]]:
    """What runs on each node without a profile being asked for. Asked for with `subject.once`."""
    found: dict[str, list[Put]] = {name: [] for name in subject.cluster.nodes}
    for composed, service in subject.once(services_of):
        for node in composed.nodes if service.is_started and runs(service) else ():
            found[node.name].append(Put(composed.declared, service, _count(service)))
    for declared, service in _of_units(subject):
        for name in declared.nodes:
            if name in found:
                found[name].append(Put(declared, service, is_of_compose=False))
    return {name: tuple(puts) for name, puts in found.items()}


def _of_units(subject: Subject) -> Iterator[tuple[DeclaredService, Service]]:
    """What quadlets and units of declared services start."""
    for tool, job in subject.jobs:
        for declared in job.cluster.services.values() if tool.NAME == SYSTEMD else ():
            if declared.tool == SYSTEMD:
                folder = f"{job.named(declared.name)}/"
                for service in subject.once(loose_containers_of):
                    if service.place.path.startswith(folder):
                        yield declared, service


def size(number: float) -> str:
    return f"{number / GIB:.3g}G" if number >= GIB else f"{number / 1024**2:.3g}M"


def _count(service: Service) -> int:
    replicas = service.value.at("deploy", "replicas") or service.value.at("scale")
    return replicas.data if replicas is not None and isinstance(replicas.data, int) and replicas.data > 0 else 1
