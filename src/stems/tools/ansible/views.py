"""What a run in check mode said of each machine, by group step, and where it cannot be seen on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from stems.errors import StemsError
from stems.model.change import Change, Group
from stems.tools.ansible.changes import changes_of, until_unexplained
from stems.tools.ansible.check import Scan
from stems.tools.ansible.events import Outcome
from stems.tools.ansible.missing import may_come
from stems.tools.ansible.notified import with_notified, with_unsure
from stems.tools.ansible.run import Ran
from stems.tools.ansible.verdict import failure_of, stop_of, stopped_at

ORDER = tuple(Group)


@dataclass(frozen=True, slots=True)
class View:
    """One machine: its outcomes by group step, the one that ended it there, and why it does not count to its end."""

    outcomes: Mapping[Group, tuple[Outcome, ...]]
    stopped: Outcome | None = None
    ends_in: Group = Group.NONE
    failure: StemsError | None = None


@dataclass(frozen=True, slots=True)
class Views:
    """Every machine of a run, and the task from which on a group step waits for all of them.

    Machines that are no nodes are the controller, as `hosts: localhost` means it. `refused` are failures in a group
    step that nothing earlier explains, by machine.
    """

    nodes: Mapping[str, View]
    elsewhere: Mapping[str, View] = field(default_factory=dict)
    ends: Mapping[Group, Outcome] = field(default_factory=dict)
    refused: Mapping[str, StemsError] = field(default_factory=dict)


def views_of(ran: Ran, scanned: Scan, nodes: Sequence[str], root: Path) -> Views:
    machines = dict.fromkeys([*nodes, *(outcome.node for outcome in ran.run.outcomes)])
    views = {name: _view(ran, scanned, name) for name in machines}
    ends: dict[Group, Outcome] = {}
    refused: dict[str, StemsError] = {}
    for group in (Group.FIRST, Group.LAST):
        earlier = _changes_until(views, group, root)
        stops = {name: view for name, view in views.items() if view.stopped and view.ends_in is group}
        for name, view in stops.items():
            if view.failure and not is_waited_for(view.stopped, earlier):
                refused[name] = view.failure
        if stops:
            ends[group] = min((view.stopped for view in stops.values() if view.stopped), key=ran.run.outcomes.index)
            views = {name: _cut(ran, view, group, ends[group]) for name, view in views.items()}
    return Views(
        nodes={name: view for name, view in views.items() if name in nodes},
        elsewhere={name: view for name, view in views.items() if name not in nodes},
        ends=ends,
        refused=refused,
    )


def is_waited_for(stopped: Outcome | None, earlier: Sequence[Change]) -> bool:
    """Whether a task that fails in check mode may only miss what an earlier one would have made.

    A handler is not waited for: when its turn comes again, nothing notifies it.
    """
    return bool(stopped and not stopped.handler and stopped.status == "failed" and may_come(stopped, earlier))


def _view(ran: Ran, scanned: Scan, machine: str) -> View:
    seen, missing = until_unexplained(ran.run.of_node(machine))
    failure = stopped_at(ran, machine, missing) if missing else failure_of(ran, machine, stops_all=scanned.ends_for_all)
    # Without a failure what stopped was rescued.
    stopped = (missing or stop_of(ran, machine)) if failure else None
    ends_in = scanned.group_of(stopped.play) if stopped else Group.NONE
    parts = {group: tuple(each for each in seen if scanned.group_of(each.play) is group) for group in ORDER}
    outcomes = {
        group: with_notified(with_unsure(part), ran.run.handlers, ends_early=bool(stopped) and group is ends_in)
        for group, part in parts.items()
    }
    return View(outcomes, stopped, ends_in, failure)


def _cut(ran: Ran, view: View, group: Group, end: Outcome) -> View:
    """Without what comes after the end of a group step: it ends there for all, but for handlers notified before."""
    places = [(each.play, each.path) for each in ran.run.outcomes]
    at = places.index((end.play, end.path))
    before = ran.run.outcomes[:at]
    kept = [each for each in view.outcomes[group] if any(replace(each, unsure=False) == other for other in before)]
    left = with_notified(with_unsure(kept), ran.run.handlers, ends_early=True)
    return replace(view, outcomes={**view.outcomes, group: left})


def _changes_until(views: Mapping[str, View], group: Group, root: Path) -> tuple[Change, ...]:
    """What every machine would change up to a group step and in it, as far as events tell."""
    parts = ORDER[: ORDER.index(group) + 1]
    outcomes = [each for view in views.values() for part in parts for each in view.outcomes[part]]
    return changes_of(outcomes, root=root, known={})[0]
