"""A runner that answers from a table: an argv that nobody expected fails the test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stems.infrastructure.command import Command, Result, Watch


@dataclass
class FakeRunner:
    """Answers by argv and notes every command that it ran."""

    answers: Mapping[tuple[str, ...], Result]
    place: str = "fake"
    ran: list[Command] = field(default_factory=list)

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        del watch
        self.ran.append(command)
        assert command.argv in self.answers, f"nobody expected {command}"
        return self.answers[command.argv]
