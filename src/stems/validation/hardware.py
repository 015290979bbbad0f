"""What nodes have, and what the services that are put on them ask for together."""

from __future__ import annotations

from dataclasses import dataclass

from stems.model.finding import Place
from stems.model.node import Hardware, Node
from stems.tools.compose.model.project import Service
from stems.validation.projects import Composed, services_of
from stems.validation.services import runs
from stems.validation.subject import Subject

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Put:
    """A Compose service on a node, and how many containers of it there are to be."""

    composed: Composed
    service: Service
    count: int = 1

    @property
    def name(self) -> str:
        declared = self.composed.declared
        return (
            f"{declared.name}/{self.service.name}"
            if declared and declared.name != self.service.name
            else self.service.name
        )

    @property
    def place(self) -> Place:
        return self.service.resources.place or self.service.place


def hardware_of(node: Node) -> Hardware:
    """What is known of a node: what is declared. A number is 0 where nothing is."""
    return node.hardware


def put_on(subject: Subject) -> dict[str, tuple[Put, ...]]:
    """What runs on each node without a profile being asked for. Asked for with `subject.once`."""
    found: dict[str, list[Put]] = {name: [] for name in subject.cluster.nodes}
    for composed, service in subject.once(services_of):
        for node in composed.nodes if service.is_started and runs(service) else ():
            found[node.name].append(Put(composed, service, _count(service)))
    return {name: tuple(puts) for name, puts in found.items()}


def size(number: float) -> str:
    return f"{number / GIB:.3g}G" if number >= GIB else f"{number / 1024**2:.3g}M"


def _count(service: Service) -> int:
    replicas = service.value.at("deploy", "replicas") or service.value.at("scale")
    return replicas.data if replicas is not None and isinstance(replicas.data, int) and replicas.data > 0 else 1
