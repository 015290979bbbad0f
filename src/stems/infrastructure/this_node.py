"""Commands on a node that is this machine: no SSH, the same shell line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stems.errors import DeadlineError
from stems.infrastructure.command import Command, Result, Watch
from stems.infrastructure.local import environment_of_login
from stems.infrastructure.process import run_process
from stems.infrastructure.shell import RUN_VARIABLE, explain_sudo, needs_password, shell_line, sudo_password
from stems.model.node import Node

if TYPE_CHECKING:
    import socket


@dataclass(frozen=True)
class ThisNodeRunner:
    """Runs commands on the node that stems itself runs on."""

    node: Node
    run_id: str = ""
    password: Callable[[], str] | None = field(default=None, repr=False)
    is_local: bool = True
    ssh: tuple[str, ...] = ()

    def fresh(self) -> ThisNodeRunner:
        """Nobody goes through the network to this machine: what is left to see is whether sudo still lets in."""
        return self

    @property
    def place(self) -> str:
        return self.node.name

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        if self.run_id:
            command = replace(command, env={**command.env, RUN_VARIABLE: self.run_id})
        asks = needs_password(self.node, command)
        stdin = command.stdin
        if asks:
            stdin = sudo_password(self.node, self.password).encode() + b"\n" + stdin
        line = shell_line(command, with_password=asks)
        try:
            ran = run_process(
                ("/bin/sh", "-c", line), stdin=stdin, timeout=command.timeout, env=environment_of_login(), watch=watch
            )
        except DeadlineError as error:
            raise DeadlineError(
                f"{self.place}: no answer within {command.timeout:g} s", said=error.said, remedy=error.remedy
            ) from None
        if command.account:
            explain_sudo(self.node, ran)
        return ran

    @contextmanager
    def connect(self, host: str, port: int, *, timeout: float) -> Iterator[socket.socket]:
        import socket  # noqa: PLC0415  # only health checks need one

        with socket.create_connection((host, port), timeout) as stream:
            yield stream
