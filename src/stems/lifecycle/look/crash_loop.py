"""Whether a service is in a crash loop: Docker starts it again and again, and it does not stay up."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from stems.model.state import ServiceState

RESTARTS = 3
"""As many restarts while it is watched are a loop: one or two are a service that waits for its database."""

PATIENCE = 30.0
"""Seconds that a service has all the same: at first Docker tries several times within one, and databases take that."""


@dataclass(slots=True)
class CrashLoop:
    """Counts the restarts of services since each was seen first. `patience` is how long one is let be."""

    patience: float
    _first: dict[str, tuple[float, int]] = field(default_factory=dict)

    def found(self, states: Iterable[ServiceState], remade: Collection[str], *, now: float) -> str:
        """What is in a loop now, for people; empty where nothing is. Only services that were started anew count."""
        told = [self._told(state, now) for state in states if state.service in remade]
        return "; ".join(filter(None, told))

    def _told(self, state: ServiceState, now: float) -> str:
        if state.restarts is None:
            # It ran for a minute, or nobody knows: what comes later is another story.
            self._first.pop(state.service, None)
            return ""
        since, count = self._first.setdefault(state.service, (now, state.restarts))
        if state.restarts < count:
            # Another container.
            self._first[state.service] = now, state.restarts
            return ""
        grown = state.restarts - count
        if state.settled or grown < RESTARTS or now - since < self.patience:
            return ""
        return f"{state.service} restarted {grown} times meanwhile"
