"""How a service is on a node at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Health(Enum):
    """What is known of a service: unknown is never down."""

    HEALTHY = "healthy"
    STARTING = "starting"
    UNHEALTHY = "unhealthy"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ServiceState:
    """One service on one node: its health, and whether it is what stems deployed there.

    `settled` is false while it may become well without anybody's doing: while Docker restarts it. `restarts` is how
    often that happened, None where it is not known or nothing of it was started within the last minute.
    """

    service: str
    health: Health
    detail: str = ""
    as_deployed: bool = True
    settled: bool = True
    restarts: int | None = None
