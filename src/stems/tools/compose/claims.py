"""What services would own on a node: projects, containers, published ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from stems.model.claim import Certainty, Claim
from stems.model.finding import Place
from stems.model.node import Node
from stems.readers.interpolation import interpolate
from stems.readers.ports import EVERY_ADDRESS, published
from stems.readers.substitution import UNKNOWN, Unknown
from stems.tools.base import Job
from stems.tools.compose.declared import Declared, declared_on
from stems.tools.compose.model.fields import text_of
from stems.tools.compose.model.project import Port, Service
from stems.tools.compose.model.value import Value
from stems.tools.compose.naming import NAME
from stems.tools.compose.preview import compose_services

_PROFILES = "COMPOSE_PROFILES"
_MOST_PORTS = 1024
_MOST_CLAIMS = 4096


def claims(job: Job, node: Node) -> Iterator[Claim]:
    found = declared_on(job, node)
    for service in compose_services(job, node):
        declared = found.get(service.name)
        # `check` says what is wrong with one that cannot be read.
        if declared is not None and declared.project.place is not None:
            yield from _of_project(job, node, declared, declared.project.place)


def _of_project(job: Job, node: Node, declared: Declared, place: Place) -> Iterator[Claim]:
    service, written = declared.service, declared.project.written_name
    if service.project:
        place = job.cluster.written.place("services", service.name, "project")
    elif written is not None:
        place = written.place
    if not isinstance(declared.name, Unknown):
        yield Claim(node.name, NAME, f"project:{declared.name}", place, service.name)
    for one in declared.services.values():
        sure = _runs(declared, one)
        if sure is not None:
            yield from islice(_Service(node, declared, one).claims(sure), _MOST_CLAIMS)


def _runs(declared: Declared, service: Service) -> Certainty | None:
    """How surely a service is part of the project; `None` where it has profiles and none of them is active."""
    # Compose activates the profiles of a service that it is told by name.
    if not service.profiles or service.name in declared.service.only:
        return Certainty.CERTAIN
    if not declared.has_env and _PROFILES not in declared.variables:
        return Certainty.POSSIBLE
    if not service.is_started:
        return None
    return Certainty.POSSIBLE if UNKNOWN in service.profiles else Certainty.CERTAIN


@dataclass(frozen=True, slots=True)
class _Service:
    """One Compose service on one node."""

    node: Node
    declared: Declared
    service: Service

    def claims(self, sure: Certainty) -> Iterator[Claim]:
        count = self._count()
        if count == 0:
            return
        yield from self._containers(count, sure)
        if not self.service.publishes:
            return
        written = self.service.value.at("ports")
        for port, item in zip(self.service.ports, written.items if written else (), strict=True):
            yield from self._port(port, item, sure)

    def _count(self) -> int | None:
        """How many containers there are to be, `None` where only the node knows."""
        value = self.service.value
        mode = value.at("deploy", "mode")
        if value.at("provider") is not None:
            return 0
        if mode is not None and mode.data != "replicated":
            return None
        said = value.at("scale") or value.at("deploy", "replicas")
        if said is None:
            return 1
        return said.data if isinstance(said.data, int) and self.declared.project.is_certain(said) else None

    def _containers(self, count: int | None, sure: Certainty) -> Iterator[Claim]:
        named = self.service.value.at("container_name")
        if named is not None and (text_of(named) or self._lacks(named)):
            text, known = self._told(named, sure)
            yield self._claim(f"container:{text}", named.place, known)
        elif isinstance(self.declared.name, str):
            for number in range(1, (count or 0) + 1):
                name = f"{self.declared.name}-{self.service.name}-{number}"
                yield self._claim(f"container:{name}", self.service.place, sure)

    def _port(self, port: Port, item: Value, sure: Certainty) -> Iterator[Claim]:
        if self._lacks(item) or UNKNOWN in (port.published, port.address, port.protocol):
            found = list(published(self._by_default(port.written) or ""))
            yield from (self._claim(f"port:{each}", port.place, Certainty.POSSIBLE) for each in found)
            if not found:
                yield self._claim(f"port:{port.written}", port.place, Certainty.UNKNOWN)
            return
        address = str(port.address)
        address = f"[{address}]" if ":" in address else address or EVERY_ADDRESS
        known = sure if port.is_certain and self.declared.project.is_certain(item) else Certainty.POSSIBLE
        for number in islice(port.numbers, _MOST_PORTS):
            yield self._claim(f"port:{address}:{number}/{port.protocol}", port.place, known)

    def _told(self, value: Value, sure: Certainty) -> tuple[str, Certainty]:
        """A text and how sure it is; how it is written where it is not known."""
        if self._lacks(value) or value.data is UNKNOWN:
            guess = self._by_default(value.written)
            return (guess, Certainty.POSSIBLE) if guess else (value.written, Certainty.UNKNOWN)
        return str(text_of(value)), sure if self.declared.project.is_certain(value) else Certainty.POSSIBLE

    def _by_default(self, written: str) -> str | None:
        """What a text says where nobody writes another value into the `.env` of the node."""
        return interpolate(written, self.declared.variables)

    def _lacks(self, value: Value) -> bool:
        """Whether a variable of a value, or of a field of it, has neither a value nor a default."""
        absent = self.declared.project.absent
        return any(absent.get(each.place) for each in (value, *value.fields.values()))

    def _claim(self, resource: str, place: Place, certainty: Certainty) -> Claim:
        owner = f"{self.declared.service.name}/{self.service.name}"
        return Claim(self.node.name, NAME, resource, place, owner, certainty=certainty)
