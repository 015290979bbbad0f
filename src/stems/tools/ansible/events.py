"""What the callback plugin reports: the events of one run of `ansible-playbook`, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stems.errors import ToolError


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one task on one node, or of one item of its loop. `delegated` names the machine it acts on instead.

    `loop` is the sum over a loop, which says nothing new of its items. `censored` says that the task has `no_log`,
    `vaulted` that its difference holds something out of a vault. `tolerated` says that a preview went on after this
    failure: whether it counts is decided later. `unsure` says that what an earlier task does decides whether this one
    runs. `play` is the number of its play.
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
    vaulted: bool = False
    delegated: str = ""
    handler: bool = False
    unsure: bool = False
    play: int = 0
    notify: Sequence[str] = ()
    register: str = ""
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
class Handler:
    """One handler of a play as written, with all the names that it can be notified by."""

    play: int
    names: Sequence[str]
    action: str
    path: str
    notify: Sequence[str] = ()
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """The events of one run. `stats` is `None` when the run did not reach its end.

    `plays` is how many the playbook has, `places` where they are, `started` how many began. `matched` are the nodes
    that those are for, `unmatched` the pattern and the place of each that is for none; what was left out of the run is
    not among them. `acting` is the place of a task that would act in check mode: there the plugin ended the run.
    `config` is the `ansible.cfg` that counted.
    """

    plays: int = 0
    places: tuple[str, ...] = ()
    started: int = 0
    matched: frozenset[str] = frozenset()
    unmatched: tuple[tuple[str, str], ...] = ()
    acting: str = ""
    version: str = ""
    config: str = ""
    outcomes: tuple[Outcome, ...] = ()
    handlers: tuple[Handler, ...] = ()
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
        begun = by_kind.get("play", [])
        counting = [event for event in begun if event.get("counts", True)]
        return Run(
            plays=sum(event["plays"] for event in by_kind.get("playbook", [])),
            places=tuple(place for event in by_kind.get("playbook", []) for place in event.get("places", ())),
            # `serial` begins a play several times.
            started=len({event.get("number", at) for at, event in enumerate(begun, start=1)}),
            matched=frozenset(node for event in counting for node in event["matched"]),
            unmatched=tuple((_pattern(event["hosts"]), event["path"]) for event in counting if not event["matched"]),
            acting=next((event["path"] for event in by_kind.get("acting", [])), ""),
            version=next((event["version"] for event in by_kind.get("playbook", [])), ""),
            config=next((event.get("config", "") for event in by_kind.get("playbook", [])), ""),
            outcomes=tuple(Outcome(**event) for event in by_kind.get("result", [])),
            handlers=tuple(Handler(**event) for event in by_kind.get("handler", [])),
            stats=stats[-1]["nodes"] if stats else None,
        )
    except (KeyError, TypeError) as error:
        raise _unreadable(str(error)) from None


def _pattern(hosts: object) -> str:
    return ",".join(map(str, hosts)) if isinstance(hosts, list) else str(hosts)


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
