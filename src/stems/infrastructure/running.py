"""What a deployment started on a node and what still runs there, found by the mark in its environment."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stems.errors import UnknownError
from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.probe import Section
from stems.infrastructure.runner import Runner
from stems.infrastructure.shell import RUN_VARIABLE
from stems.model.names import DEPLOYMENT, is_name, printable
from stems.model.node import Node, Privilege

_LINE = re.compile(r"(\d{1,10}) (.{1,64})")


@dataclass(frozen=True, slots=True)
class Process:
    """A process on a node that a deployment started."""

    pid: int
    program: str


# The environment of a process is what it was started with; the scan itself and what it was started by are left out.
_SCAN = r"""
own=" "
pid=$(sh -c 'echo $PPID')
while [ -n "$pid" ] && [ "$pid" -gt 1 ]; do
  own="$own$pid "
  parent=
  while read -r name value; do [ "$name" = PPid: ] && parent=$value; done <"/proc/$pid/status"
  pid=$parent
done
for found in $(grep -l "$variable=$run" /proc/[0-9]*/environ 2>/dev/null); do
  pid=${found#/proc/}
  pid=${pid%/environ}
  case $own in *" $pid "*) continue ;; esac
  [ -r "/proc/$pid/comm" ] && read -r program <"/proc/$pid/comm" || continue
  """


def _scan(deployment: str, act: str) -> str:
    if not is_name(DEPLOYMENT, deployment):
        raise ValueError(deployment)
    return f"variable={RUN_VARIABLE} run={deployment}\n{_SCAN}{act}\ndone 2>/dev/null\necho end\n"


def running_processes(deployment: str) -> str:
    """For a probe, as the user and, where it may, as root: what a deployment started and what still runs."""
    return _scan(deployment, 'printf \'%s %s\\n\' "$pid" "$program"')


def parse_processes(place: str, section: Section) -> tuple[Process, ...]:
    *lines, last = section.text.strip("\n").split("\n")
    found = [_LINE.fullmatch(line) for line in lines]
    if section.status != 0 or last != "end" or None in found:
        raise UnknownError(f"{place}: cannot say what still runs there", said=printable(section.text))
    return tuple(Process(int(match[1]), printable(match[2])) for match in found if match)


def running_here(local: Runner, deployment: str) -> tuple[Process, ...]:
    """What a deployment started on this machine, as this user. Shared connections outlast what opened them."""
    result = local.run(script(running_processes(deployment), Effect.READS))
    found = parse_processes("this machine", Section(result.status, result.text))
    return tuple(process for process in found if process.program != "ssh")


def end_command(deployment: str, *, hard: bool = False, account: str = "") -> Command:
    """End what a deployment started and what still runs on the node."""
    signal = "KILL" if hard else "TERM"
    return script(_scan(deployment, f'kill -{signal} "$pid"'), Effect.WRITES, account=account)


def accounts(node: Node) -> tuple[str, ...]:
    """Whose processes must be looked at: what sudo started is hidden from the SSH user."""
    return ("",) if node.privilege is Privilege.NONE else ("", "root")


def still_running(runner: Runner, node: Node, deployment: str) -> tuple[Process, ...]:
    """What a deployment started on a node and what has not ended, of every account that stems acts as."""
    found: dict[int, Process] = {}
    for account in accounts(node):
        command = script(running_processes(deployment), Effect.READS, account=account)
        result = runner.run(command)
        for process in parse_processes(runner.place, Section(result.status, result.text)):
            found[process.pid] = process
    return tuple(found.values())
