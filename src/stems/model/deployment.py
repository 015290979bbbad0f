"""A deployment: a plan that ran, node by node."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from stems.model.names import printable


class Outcome(Enum):
    """How a deployment ended on a node, or altogether."""

    RUNNING = "running"
    DEPLOYED = "deployed"
    UNCHANGED = "unchanged"
    NOT_REACHED = "not reached"
    FAILED = "failed"
    TAKEN_BACK = "taken back"
    TAKING_BACK_FAILED = "taking back failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A plan that ran: what for, who approved it, how it went on each node, and why it failed if it did."""

    identity: str
    plan: str
    commit: str
    who: str
    purpose: str
    started: datetime
    outcome: Outcome
    ended: datetime | None = None
    nodes: dict[str, Outcome] = field(default_factory=dict)
    previous: dict[str, str] = field(default_factory=dict)
    reason: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": "stems.deployment/1",
            "id": self.identity,
            "plan": self.plan,
            "commit": self.commit,
            "who": self.who,
            "purpose": self.purpose,
            "started": self.started.isoformat(),
            "ended": self.ended.isoformat() if self.ended else None,
            "outcome": self.outcome.value,
            "nodes": {name: outcome.value for name, outcome in sorted(self.nodes.items())},
            "previous": dict(sorted(self.previous.items())),
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Deployment:
        """What a ledger holds. Copies of it lie on the nodes, so that its texts are texts of a node."""
        return cls(
            identity=printable(document["id"]),
            plan=printable(document["plan"]),
            commit=printable(document["commit"]),
            who=printable(document["who"]),
            purpose=printable(document["purpose"]),
            started=datetime.fromisoformat(document["started"]),
            ended=datetime.fromisoformat(document["ended"]) if document["ended"] else None,
            outcome=Outcome(document["outcome"]),
            nodes={printable(name): Outcome(outcome) for name, outcome in document["nodes"].items()},
            previous={printable(name): printable(commit) for name, commit in document["previous"].items()},
            reason=printable(document["reason"]),
        )
