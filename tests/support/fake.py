"""A runner that answers from a table: an argv that nobody expected fails the test."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from socket import socket

from stems.errors import StemsError
from stems.infrastructure.command import Command, Result, Watch

Said = Result | StemsError | Callable[[Command], Result]
"""What a command ends with: a result, an error that is raised, or an answer that depends on what was sent to it."""


@dataclass
class FakeRunner:
    """Answers by argv and notes every command that it ran. The contract suite of runners holds for it too."""

    answers: dict[tuple[str, ...], Said]
    place: str = "fake"
    ran: list[Command] = field(default_factory=list)
    ssh: tuple[str, ...] = ()
    is_local: bool = False
    password: Callable[[], str] | None = field(default=None, repr=False)

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        self.ran.append(command)
        assert command.argv in self.answers, f"nobody expected {command}"
        said = self.answers[command.argv]
        if isinstance(said, StemsError):
            raise said
        result = said if isinstance(said, Result) else said(command)
        for line in result.stdout.splitlines(keepends=True) if watch else ():
            assert watch
            watch(line)
        return result

    def fresh(self) -> FakeRunner:
        return self

    def connect(self, host: str, port: int, *, timeout: float) -> AbstractContextManager[socket]:
        raise AssertionError(f"nobody expected a connection to {host}:{port} within {timeout:g} s")
