"""A change: one difference that a tool would make on one node."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Domain(Enum):
    """Which part of a node a tool owns, in the order in which they are applied."""

    SYSTEM = "system"
    USER = "user"
    SERVICES = "services"


class Risk(Enum):
    """The class of a change: it decides whether a person must approve it."""

    USER = "user"
    SYSTEM = "system"
    SERVICE = "service"
    NETWORK = "network"
    DESTRUCTIVE = "destructive"
    UNKNOWN = "unknown"


class Undo(Enum):
    """How a change can be taken back."""

    BY_REPLAY = "by-replay"
    BY_BACKUP = "by-backup"
    NO = "no"


class Group(Enum):
    """Which group step a change is part of: what is applied once for all nodes, before the first or after the last.

    `NONE` is a node's own part. They are in the order in which they are applied.
    """

    FIRST = "first"
    NONE = ""
    LAST = "last"


ADOPT = "adopt"
"""The action where a hand edit is what the commit wants: nothing is written, stems remembers it as its own."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference that a tool would make on one node.

    `resource` names what changes, with its kind: `file:/etc/hosts`, `container:web-web-1`, `task:restart docker`.
    `before` and `after` are digests, empty for absent or not predictable; `diff` is redacted text and is
    never compared. `by_hand` says that the node left what was last deployed, so that drift is told from
    what is pending. `source` is the place in the repository, `service` the declared service that it belongs to. `group`
    is the group step that makes it, where that is not the node's own part.
    """

    node: str
    domain: Domain
    tool: str
    resource: str
    action: str
    risk: Risk
    before: str = ""
    after: str = ""
    diff: str = ""
    source: str = ""
    undo: Undo = Undo.BY_REPLAY
    by_hand: bool = False
    note: str = ""
    service: str = ""
    group: Group = Group.NONE

    @property
    def predictable(self) -> bool:
        return self.risk is not Risk.UNKNOWN

    @property
    def only_noted(self) -> bool:
        return self.action == ADOPT

    @property
    def part(self) -> tuple[str, str, str]:
        """What is begun and ended as one act on its node: domain, tool and group step."""
        return self.domain.value, self.tool, self.group.value

    @property
    def identity(self) -> tuple[str, ...]:
        """What must be the same for this to be the change that was approved."""
        return (
            self.node,
            self.domain.value,
            self.tool,
            self.resource,
            self.action,
            self.risk.value,
            self.before,
            self.after,
            self.group.value,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "node": self.node,
            "domain": self.domain.value,
            "tool": self.tool,
            "resource": self.resource,
            "action": self.action,
            "class": self.risk.value,
            "before": self.before,
            "after": self.after,
            "diff": self.diff,
            "source": self.source,
            "undo": self.undo.value,
            "by_hand": self.by_hand,
            "note": self.note,
            "service": self.service,
            "group": self.group.value,
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Change:
        fields = {key: value for key, value in document.items() if key != "class"}
        return cls(
            **{
                **fields,
                "domain": Domain(document["domain"]),
                "risk": Risk(document["class"]),
                "undo": Undo(document["undo"]),
                "group": Group(document["group"]),
            }
        )
