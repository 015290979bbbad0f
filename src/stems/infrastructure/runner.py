"""The one door to processes and nodes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

from stems.infrastructure.command import Command, Result, Watch

if TYPE_CHECKING:
    from socket import socket


class Runner(Protocol):
    """A place where commands run: this machine, or a node.

    `run` returns the result of a command that ran to its end, whatever its exit status. It raises
    `ToolError` when the program is not on this machine or says more than may be said, `DeadlineError` when time ran
    out and `NodeUnreachableError` when it cannot be known whether the command ran. On a node a shell stands before
    the program: that it, or its folder, is not there is the shell's own result (127 for a program).
    """

    @property
    def place(self) -> str: ...

    def run(self, command: Command, *, watch: Watch | None = None) -> Result: ...


class NodeRunner(Runner, Protocol):
    """A node. `ssh` are the options with which other programs reach it, empty when it is this machine."""

    @property
    def ssh(self) -> tuple[str, ...]: ...

    @property
    def is_local(self) -> bool: ...

    @property
    def password(self) -> Callable[[], str] | None:
        """Asks for the password of sudo; None where nobody can be asked."""
        ...

    def fresh(self) -> NodeRunner:
        """The same node over a new connection for each command."""
        ...

    def connect(self, host: str, port: int, *, timeout: float) -> AbstractContextManager[socket]:
        """A connection to an address as the node sees it."""
        ...
