"""What may run: an argv with a declared effect, and what came of it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

MAX_OUTPUT = 64 * 1024 * 1024
"""Bytes of one stream that are accepted before the command is ended: output of a node is data, with a size cap."""


class Effect(Enum):
    """What a command may do to the place where it runs."""

    READS = "reads"
    STAGES = "stages"
    """Writes only the stage folder of stems on a node, or private temporary files of a tool."""
    WRITES = "writes"


@dataclass(frozen=True, slots=True)
class Command:
    """An argv, its declared effect, and what it needs to run.

    `account` is whose account runs it on the place: empty for the one that is logged in, `root` through sudo.
    `timeout` is in seconds. `stdin` may hold secrets; so may `env` on this machine, but on a node it is part of a line
    that the process list shows. Both are kept out of the representation.
    """

    argv: tuple[str, ...]
    effect: Effect
    stdin: bytes = field(default=b"", repr=False)
    timeout: float = 30.0
    cwd: str = ""
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    account: str = ""

    def __str__(self) -> str:
        return shlex.join(self.argv)


def script(text: str, effect: Effect, *, timeout: float = 30.0, account: str = "") -> Command:
    """A POSIX-sh script that travels on standard input, so that nothing in it is quoted twice."""
    return Command(("/bin/sh", "-s"), effect, stdin=text.encode(), timeout=timeout, account=account)


@dataclass(frozen=True, slots=True)
class Result:
    """The exit status and both streams of a command that ran to its end."""

    status: int
    stdout: bytes = b""
    stderr: bytes = b""

    @property
    def ok(self) -> bool:
        return self.status == 0

    @property
    def text(self) -> str:
        return self.stdout.decode("utf-8", "replace")

    @property
    def errors(self) -> str:
        return self.stderr.decode("utf-8", "replace")


Watch = Callable[[bytes], None]
"""Called with each line of standard output while the command runs."""
