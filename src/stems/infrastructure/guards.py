"""Runners that wrap another runner and refuse what a phase may not do."""

from __future__ import annotations

from stems.errors import StemsError
from stems.infrastructure.command import Command, Effect, Result, Watch
from stems.infrastructure.runner import Runner


class EffectRefusedError(StemsError):
    """A phase that must not change a node tried to."""


class Guarded:
    """Passes commands with an allowed effect to the wrapped runner and refuses everything else."""

    def __init__(self, runner: Runner, *allowed: Effect) -> None:
        self._runner = runner
        self._allowed = frozenset(allowed)
        self.place = runner.place

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        if command.effect not in self._allowed:
            raise EffectRefusedError(
                f"{self.place}: a reading command tried to change something: {command}",
                remedy="report this as a bug: a preview must only read",
            )
        return self._runner.run(command, watch=watch)


def reading(runner: Runner) -> Guarded:
    """For status and drift."""
    return Guarded(runner, Effect.READS)


def previewing(runner: Runner) -> Guarded:
    """For plans: may also write the stage."""
    return Guarded(runner, Effect.READS, Effect.STAGES)
