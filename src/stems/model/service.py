"""A service: something that runs on one or more nodes, as declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from stems.model.check import Check

UNWRITTEN = "TO BE WRITTEN"
"""The reason of a service that stems wrote down for somebody who knows it."""


class Data(Enum):
    """Where a service keeps data: decides what moving, reverting and retiring may do."""

    NONE = "none"
    LOCAL = "local"
    SHARED = "shared"


class UnitState(Enum):
    """How the systemd units of a service are to be. A masked one cannot be started by anything."""

    RUNNING = "running"
    STOPPED = "stopped"
    MASKED = "masked"


class Scope(Enum):
    """Whose manager runs the systemd units of a service: the system's, or that of the node's SSH user."""

    SYSTEM = "system"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Requirements:
    """What a service needs of a node; memory in bytes, no architecture means any."""

    memory: int = 0
    arch: tuple[str, ...] = ()
    gpu: int = 0


@dataclass(frozen=True, slots=True)
class Service:
    """One service and the nodes that a person chose for it.

    `unit`, `scope`, `state` and `enabled` are for systemd; `enabled` is None where nobody said it. `project`, `folder`
    and `only` are for Compose: `only` names those of its Compose services that count, where not all do.
    """

    name: str
    nodes: tuple[str, ...]
    tool: str
    reason: str = ""
    requires: Requirements = field(default_factory=Requirements)
    folder: str = ""
    only: tuple[str, ...] = ()
    project: str = ""
    unit: str = ""
    scope: Scope = Scope.SYSTEM
    state: UnitState = UnitState.RUNNING
    enabled: bool | None = None
    data: Data = Data.NONE
    checks: tuple[Check, ...] = ()
    after: tuple[str, ...] = ()
    rollback_safe: str = ""
    paused: str = ""

    @property
    def where(self) -> str:
        """Its folder below the domain's source: called like itself unless it says otherwise."""
        return self.folder or self.name

    @property
    def keeps_data(self) -> bool:
        return self.data is not Data.NONE


def in_order(services: Iterable[Service]) -> tuple[Service, ...]:
    """The same services, each after those of them that it names in `after`."""
    here = {service.name: service for service in services}
    ordered: dict[str, Service] = {}

    def add(service: Service, waiting: frozenset[str]) -> None:
        for name in service.after:
            # A circle is an error of the cluster file; it must not hang here.
            if name in here and name not in ordered and name not in waiting:
                add(here[name], waiting | {name})
        ordered[service.name] = service

    for service in here.values():
        if service.name not in ordered:
            add(service, frozenset({service.name}))
    return tuple(ordered.values())
