"""The very script that `stems status` sends, and the same sent by bare parallel ssh."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stems.errors import UnknownError
from stems.infrastructure.command import Command, Result, Watch
from stems.infrastructure.parallel import MOST_AT_ONCE
from stems.infrastructure.ssh import SshRunner
from stems.lifecycle.status import look_at_all
from stems.lifecycle.workspace import Workspace
from stems.model.node import Node

_CONTROL = ("ControlMaster=", "ControlPath=", "ControlPersist=")


@dataclass(frozen=True)
class Recorder(SshRunner):
    """Writes down the command that would run on a node, and does not run it."""

    seen: dict[str, Command] = field(default_factory=dict)

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        self.seen[self.node.name] = command
        raise UnknownError(f"{self.node.name}: recorded")


@dataclass(frozen=True)
class Recording(Workspace):
    """A workspace in which every node only records."""

    seen: dict[str, Command] = field(default_factory=dict)

    def runner(self, node: Node, *, run_id: str = "") -> Recorder:
        return Recorder(node, self.known_hosts, Path("/nowhere"), seen=self.seen)


def scripts_of(workspace: Workspace) -> Mapping[str, bytes]:
    """By node: the standard input of the one ssh call that a status makes."""
    fields = ("repository", "head", "cluster", "local", "private", "held", "pinned")
    recording = Recording(**{name: getattr(workspace, name) for name in fields})
    look_at_all(recording)
    return {name: command.stdin for name, command in recording.seen.items()}


def plain_options(workspace: Workspace, node: Node, *, known_hosts: Path) -> tuple[str, ...]:
    """The options of stems without a shared connection."""
    options = SshRunner(node, known_hosts, Path("/nowhere")).ssh
    return tuple(word for word in options if word != "-o" and not word.startswith(_CONTROL))


def ssh_words(workspace: Workspace, node: Node, *, known_hosts: Path, control: Path | None = None) -> tuple[str, ...]:
    """An ssh command line without anything of stems but how to reach the node."""
    plain = plain_options(workspace, node, known_hosts=known_hosts)
    shared = (f"ControlPath={control}/%C", "ControlMaster=auto", "ControlPersist=60") if control else ()
    words = [word for option in (*plain, *shared) for word in ("-o", option)]
    return ("ssh", *words, "-T", "--", node.ssh.host)


def write_parallel(path: Path, calls: Mapping[str, str]) -> Path:
    """A shell script that starts the lines at once, as many as stems would, and waits; any that fails makes it fail."""
    wait = "for job in $jobs; do wait $job || failed=1; done; jobs="
    lines = ["failed=0"]
    for number, line in enumerate(calls.values(), 1):
        lines.append(f'{line} & jobs="$jobs $!"')
        if number % MOST_AT_ONCE == 0:
            lines.append(wait)
    path.write_text("\n".join([*lines, wait, "exit $failed", ""]))
    return path


def bare_probe(workspace: Workspace, folder: Path, *, known_hosts: Path, control: Path | None) -> Path:
    """The probe of a status, sent by nothing but a shell and ssh."""
    calls = {}
    for name, text in scripts_of(workspace).items():
        script, answer = folder / f"probe-{name}.sh", folder / f"answer-{name}"
        script.write_bytes(text)
        words = ssh_words(workspace, workspace.cluster.nodes[name], known_hosts=known_hosts, control=control)
        calls[name] = f"{shlex.join((*words, 'exec /bin/sh -s'))} <{script} >{answer}"
    return write_parallel(folder / f"bare-{'warm' if control else 'cold'}.sh", calls)
