"""A plan: what every tool would change on every node, as one canonical document with a digest."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stems.model.change import Change, Domain, Group

SCHEMA = "stems.plan/1"


@dataclass(frozen=True, slots=True)
class Postponed:
    """A part that cannot be previewed before what precedes it is applied: of the node, or of a group step."""

    domain: Domain
    tool: str
    reason: str
    group: Group = Group.NONE

    def to_json(self) -> dict[str, Any]:
        document = {"domain": self.domain.value, "tool": self.tool, "reason": self.reason}
        return {**document, "group": self.group.value}

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Postponed:
        return cls(Domain(document["domain"]), document["tool"], document["reason"], Group(document["group"]))


@dataclass(frozen=True, slots=True)
class NodePlan:
    """What would change on one node.

    `deployed` is the commit that runs there now, empty when none was deployed.
    """

    node: str
    machine_id: str
    deployed: str
    versions: dict[str, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    postponed: tuple[Postponed, ...] = ()

    def part(self, group: Group) -> tuple[Change, ...]:
        """The changes of one group step on this node, or with `Group.NONE` those that are its own."""
        return tuple(change for change in self.changes if change.group is group)

    @property
    def ends_early(self) -> bool:
        """Whether something of the node itself is left for a later round."""
        return any(part.group is not Group.LAST for part in self.postponed)

    def to_json(self) -> dict[str, Any]:
        return {
            "node": self.node,
            "machine_id": self.machine_id,
            "deployed": self.deployed,
            "versions": self.versions,
            "changes": [change.to_json() for change in self.changes],
            "not_yet_previewable": [part.to_json() for part in self.postponed],
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> NodePlan:
        return cls(
            node=document["node"],
            machine_id=document["machine_id"],
            deployed=document["deployed"],
            versions=dict(document["versions"]),
            changes=tuple(Change.from_json(change) for change in document["changes"]),
            postponed=tuple(Postponed.from_json(part) for part in document["not_yet_previewable"]),
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What deploying `commit` would change on every target node: its digest is what a person approves.

    `further` says that it is a further round of one deployment: the step before the first node was in an earlier one.
    """

    cluster: str
    commit: str
    config_commit: str
    created: datetime
    expires: datetime
    nodes: tuple[NodePlan, ...]
    without: tuple[str, ...] = ()
    purpose: str = "deploy"
    further: bool = False

    def changes(self) -> Iterator[Change]:
        for node in self.nodes:
            yield from node.changes

    def of_node(self, name: str) -> NodePlan:
        return next(node for node in self.nodes if node.node == name)

    def counts(self) -> Counter[str]:
        return Counter(change.risk.value for change in self.changes())

    @property
    def is_empty(self) -> bool:
        return not any(node.changes or node.postponed for node in self.nodes)

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "cluster": self.cluster,
            "commit": self.commit,
            "config_commit": self.config_commit,
            "created": self.created.isoformat(),
            "expires": self.expires.isoformat(),
            "purpose": self.purpose,
            "further": self.further,
            "without": list(self.without),
            "nodes": [node.to_json() for node in self.nodes],
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Plan:
        if document.get("schema") != SCHEMA:
            raise ValueError(f"not a {SCHEMA} document")
        return cls(
            cluster=document["cluster"],
            commit=document["commit"],
            config_commit=document["config_commit"],
            created=datetime.fromisoformat(document["created"]),
            expires=datetime.fromisoformat(document["expires"]),
            purpose=document["purpose"],
            further=document["further"],
            without=tuple(document["without"]),
            nodes=tuple(NodePlan.from_json(node) for node in document["nodes"]),
        )

    def canonical(self) -> bytes:
        """The bytes that are hashed and signed: sorted keys, no spaces, no floating point."""
        return json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.canonical()).hexdigest()
