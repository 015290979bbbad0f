"""An approval: who agreed to which plan, and how that is proven."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from stems.model.names import printable


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's agreement to exactly one plan.

    `signature` is an armoured `ssh-keygen -Y sign` signature over the digest; it is empty when the cluster names no
    approvers.
    """

    plan: str
    who: str
    when: datetime
    signature: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"schema": "stems.approval/1", **asdict(self), "when": self.when.isoformat()}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Approval:
        when = datetime.fromisoformat(document["when"])
        return cls(document["plan"], printable(document["who"]), when, document.get("signature", ""))
