"""A service: something that runs on one or more nodes, as declared."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from stems.model.check import Check


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

    `unit`, `scope`, `state` and `enabled` are for systemd; `enabled` is None where nobody said it.
    """

    name: str
    nodes: tuple[str, ...]
    tool: str
    reason: str = ""
    requires: Requirements = field(default_factory=Requirements)
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
    def keeps_data(self) -> bool:
        return self.data is not Data.NONE
