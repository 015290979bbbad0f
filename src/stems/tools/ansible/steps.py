"""Which plays are applied once for all nodes, and when: the group steps of a playbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stems.model.change import Group
from stems.model.finding import Finding, Place, Severity
from stems.tools.ansible.hazards import FALSE, NOT_ONE_NODE, task_reads
from stems.tools.ansible.hosts import is_local
from stems.tools.ansible.keys import included_by
from stems.tools.ansible.tree import Play, Task
from stems.tools.base import Job

WHEN = {Group.FIRST: "before the first", Group.LAST: "after the last"}

_SELF = re.compile(r"\{\{\s*inventory_hostname\s*\}\}")


@dataclass(frozen=True, slots=True)
class Steps:
    """The group step of each play, `Group.NONE` for what is done node by node; and what there is to say of it."""

    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]


def steps_of(job: Job, plays: Sequence[tuple[Play, Sequence[Task]]]) -> Steps:
    """Plays at the beginning come before the first node, all others after the last.

    The unit is the play, so that order and what its tasks register keep the meaning that Ansible gives them.
    """
    reasons = [list(_reasons(job, play, tasks)) for play, tasks in plays]
    own = [number for number, found in enumerate(reasons) if not found]
    groups, findings = [], []
    for number, ((play, _), found) in enumerate(zip(plays, reasons, strict=True)):
        group = _group(number, own) if found else Group.NONE
        groups.append(group)
        if group is Group.LAST and number < own[-1]:
            findings.append(_between(play))
        elif group is not Group.NONE:
            findings += [_told(place, what, group, is_task=place != play.place) for place, what in found]
    return Steps(tuple(groups), tuple(findings))


def _group(number: int, own: Sequence[int]) -> Group:
    return Group.FIRST if not own or number < own[0] else Group.LAST


def _reasons(job: Job, play: Play, tasks: Sequence[Task]) -> Iterator[tuple[Place, str]]:
    """What makes a play one for all nodes: tasks that a person wants with the part of each node do not count."""
    whole = [*([f"`hosts: {play.patterns}`"] if is_local(play.patterns) else []), *_elsewhere(play.keys)]
    if whole:
        yield play.place, ", ".join(whole)
    for task in tasks:
        # What nothing includes does not run; the entry of a role passes its keys on.
        is_run = task.scope.is_reached or "role" in task.keys
        what = ", ".join(_of_task(task)) if is_run else ""
        if what and any(job.exceptions.judged([_told(task.place, what, Group.NONE, is_task=True)])):
            yield task.place, what


def _of_task(task: Task) -> Iterator[str]:
    if task_reads(task.keys):
        # It may do so wherever it likes, and how often.
        return
    yield from _elsewhere(task.keys)
    applied = included_by(task.keys).get("apply")
    if isinstance(applied, dict):
        yield from _elsewhere(applied)
    if "local_action" in task.keys:
        yield "`local_action`"


def _elsewhere(keys: Mapping[str, Any]) -> Iterator[str]:
    if keys.get("connection") == "local":
        yield "`connection: local`"
    if keys.get("run_once", False) not in FALSE:
        yield "`run_once`"
    delegate = keys.get("delegate_to", "")
    if delegate and not _SELF.fullmatch(str(delegate)):
        yield f"`delegate_to: {delegate}`"


def _told(place: Place, what: str, group: Group, *, is_task: bool) -> Finding:
    whose = "its" if is_task else "this"
    message = f"{what}: {whose} play is applied once for all nodes, {WHEN.get(group, '')}"
    instead = f"to have it done with the part of each node, write `# stems: allow {NOT_ONE_NODE}: REASON` above it"
    return Finding(NOT_ONE_NODE, place, message, instead if is_task else "", Severity.NOTE)


def _between(play: Play) -> Finding:
    message = "a play that is applied once for all nodes cannot come between plays that are done node by node"
    remedy = (
        f"move it to the beginning or the end of {play.place.path}; to accept that it comes after the last node, write "
        f"`# stems: allow {NOT_ONE_NODE}: REASON` above it"
    )
    return Finding(NOT_ONE_NODE, play.place, message, remedy)
