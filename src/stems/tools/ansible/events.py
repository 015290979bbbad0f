"""What the callback plugin reports: the events of one run of `ansible-playbook`, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stems.errors import ToolError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one task on one node, or of one item of its loop.

    `loop` is the sum over a loop, which says nothing new of its items. `censored` says that the task has `no_log`.
    `tolerated` says that a preview went on after this failure: whether it counts is decided later.
    """

    node: str
    status: str
    task: str
    action: str
    path: str
    item: bool = False
    loop: bool = False
    ignored: bool = False
    tolerated: bool = False
    censored: bool = False
    handler: bool = False
    result: Mapping[str, Any] = field(default_factory=dict)
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def module(self) -> str:
        """The last part of the action's name: `template` of `ansible.builtin.template`."""
        return self.action.rpartition(".")[2]

    @property
    def message(self) -> str:
        return str(self.result.get("msg") or self.result.get("reason") or "")

    @property
    def stopped_node(self) -> bool:
        return self.status in ("failed", "unreachable") and not (self.ignored or self.tolerated or self.item)


@dataclass(frozen=True, slots=True)
class Run:
    """The events of one run. `stats` is `None` when the run did not reach its end.

    `plays` is how many the playbook has, `started` how many began. `matched` are the nodes that those are for. `ended`
    says that the plugin ended it before the task that it was told.
    """

    plays: int = 0
    started: int = 0
    matched: frozenset[str] = frozenset()
    ended: bool = False
    version: str = ""
    outcomes: tuple[Outcome, ...] = ()
    stats: Mapping[str, Mapping[str, int]] | None = None

    def of_node(self, node: str) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.node == node)


def parse_events(output: str) -> Run:
    """Lines of the plugin; what else is on standard output is talk. Raises `ToolError` for a broken event."""
    events = [event for line in output.splitlines() if (event := _event(line)) is not None]
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        by_kind.setdefault(event.pop("stems"), []).append(event)
    try:
        stats = by_kind.get("stats")
        return Run(
            plays=sum(event["plays"] for event in by_kind.get("playbook", [])),
            started=len(by_kind.get("play", [])),
            matched=frozenset(node for event in by_kind.get("play", []) for node in event["matched"]),
            ended="ended" in by_kind,
            version=next((event["version"] for event in by_kind.get("playbook", [])), ""),
            outcomes=tuple(Outcome(**event) for event in by_kind.get("result", [])),
            stats=stats[-1]["nodes"] if stats else None,
        )
    except (KeyError, TypeError) as error:
        raise _unreadable(str(error)) from None


def _event(line: str) -> dict[str, Any] | None:
    if not line.startswith('{"stems": "'):
        return None
    try:
        event = json.loads(line)
    except ValueError:
        raise _unreadable(line[:200]) from None
    return event if isinstance(event, dict) else None


def _unreadable(said: str) -> ToolError:
    return ToolError("ansible-playbook: its events cannot be read", said=said, remedy="report this as a bug")
