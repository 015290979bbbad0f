"""The one door to processes and nodes."""

from __future__ import annotations

from typing import Protocol

from stems.infrastructure.command import Command, Result, Watch


class Runner(Protocol):
    """A place where commands run: this machine, or a node.

    `run` returns the result of a command that ran to its end, whatever its exit status. It raises
    `ToolError` when the program is not there, `DeadlineError` when time ran out and
    `NodeUnreachableError` when it cannot be known whether the command ran.
    """

    place: str

    def run(self, command: Command, *, watch: Watch | None = None) -> Result: ...
