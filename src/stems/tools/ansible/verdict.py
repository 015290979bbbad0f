"""Judging a run: from its events and statistics, never from its exit status."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stems.errors import NodeUnreachableError, StemsError, ToolError
from stems.model.finding import Place
from stems.tools.ansible.check import no_node
from stems.tools.ansible.events import Outcome
from stems.tools.ansible.run import Ran
from stems.tools.ansible.settings import playbook_of
from stems.tools.base import Job
from stems.tools.redact import redacted

_MISSING = (
    (
        re.compile(
            r"/python3?[\d.]*'?:? (?:not found|was not found|No such file)|[Nn]o python interpreters? found"
            r"|need to set the interpreter"
        ),
        "python3 is missing, and Ansible needs it there",
        "install python3 on {node} (Debian: `apt-get install python3`), then run `stems plan`",
    ),
    (
        re.compile(r"[Mm]issing sudo password|sudo: a (?:terminal|password) is required"),
        "sudo wants a password",
        "allow passwordless sudo there, or set nodes.{node}.privilege to sudo-password",
    ),
    (
        re.compile(r"[Ii]ncorrect sudo password"),
        "sudo refuses the password",
        "run `sudo -k true` on {node} to see which one it takes, then run the command again",
    ),
    (
        re.compile(r"is not in the sudoers file"),
        "the SSH user may not use sudo",
        "add it to sudoers, or leave `become` out of what is for {node}",
    ),
)
"""What Ansible says of a node that lacks what it needs: no task is to blame."""


def require_matched(job: Job, ran: Ran) -> None:
    """Refuse a playbook that is for no node, and where rules count also a single play.

    `check` does not see the groups of the user's own inventory.
    """
    found = [no_node(patterns, _place(job, path)) for patterns, path in ran.run.unmatched] if job.judged else []
    for finding in job.exceptions.judged(found):
        raise ToolError(f"{finding.place}: {finding.message}", ran=ran.command, remedy=finding.remedy)
    if not ran.run.matched:
        raise ToolError(
            f"{playbook_of(job)}: no play matches a node",
            ran=ran.command,
            said=ran.said,
            remedy="compare `hosts:` with the nodes, roles and architectures of config/cluster.yml",
        )


def _place(job: Job, path: str) -> Place:
    file, _, line = path.removeprefix(f"{job.tree.root}/").rpartition(":")
    return Place(file, int(line) if line.isdigit() else 0)


def failure_of(ran: Ran, node: str, *, stops_all: bool) -> StemsError | None:
    """Why the run does not count for a node, if it does not.

    `stops_all` says that the playbook lets the failure of one node end the run for others (`any_errors_fatal`).
    """
    stats = ran.run.stats or {}
    counts = stats.get(node)
    stopped = stop_of(ran, node)
    # What `ignore_unreachable` hides from the statistics is as unknown as the rest of that node.
    away = next((outcome for outcome in reversed(ran.run.of_node(node)) if outcome.status == "unreachable"), None)
    if away or (counts and counts.get("unreachable")):
        said = redacted(away.message) if away else ran.said
        return NodeUnreachableError(
            f"{node}: Ansible could not reach it", ran=ran.command, said=said, remedy=f"try `ssh` to {node} by hand"
        )
    if counts and counts.get("failures"):
        return stopped_at(ran, node, stopped)
    broken = any(count.get("failures") or count.get("unreachable") for count in stats.values())
    if broken and (stops_all or ran.run.started < ran.run.plays or (counts is None and node in ran.run.matched)):
        return ToolError(
            f"{node}: Ansible ended before its end there, because another node failed",
            ran=ran.command,
            remedy="see what is said of the other node first",
        )
    return None


def failures_of(ran: Ran, nodes: Sequence[str], *, stops_all: bool) -> list[StemsError]:
    """Why a run for several nodes does not count, those first where a task failed: they explain the others.

    A machine that is no node is the controller, in a play for it.
    """
    others = [name for name in ran.run.stats or {} if name not in nodes]
    machines = sorted([*others, *nodes], key=lambda name: stop_of(ran, name) is None)
    found = [failure_of(ran, name, stops_all=stops_all) for name in machines]
    return [failure for failure in found if failure]


def stop_of(ran: Ran, node: str) -> Outcome | None:
    """The task that ended the run on a node: the last that failed, as rescued ones are followed by others."""
    return next((outcome for outcome in reversed(ran.run.of_node(node)) if outcome.stopped_node), None)


def stopped_at(ran: Ran, node: str, stopped: Outcome | None) -> ToolError:
    if stopped is None:
        return ToolError(f"{node}: Ansible stopped", ran=ran.command, said=ran.said)
    message = _message(ran, stopped)
    said = "hidden by `no_log`" if stopped.censored else redacted(message)
    for sign, problem, remedy in _MISSING:
        if sign.search(message):
            return ToolError(f"{node}: {problem}", ran=ran.command, said=said, remedy=remedy.format(node=node))
    return ToolError(
        f'{node}: Ansible stopped at "{stopped.task}"',
        ran=ran.command,
        said=said or ran.said,
        remedy=f"correct it on {node} or in {stopped.path.rpartition('/')[2]}, then run `stems plan`",
    )


def _message(ran: Ran, stopped: Outcome) -> str:
    """What a task said; of a loop what its items said, because their sum only counts them."""
    if not stopped.loop:
        return stopped.message
    items = (one for one in ran.run.of_node(stopped.node) if one.item and one.status == stopped.status)
    same = [
        one.message for one in items if (one.play, one.path, one.task) == (stopped.play, stopped.path, stopped.task)
    ]
    return "\n".join(dict.fromkeys(filter(None, same))) or stopped.message
