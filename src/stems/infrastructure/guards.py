"""Runners that wrap another runner and refuse what a phase may not do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from stems.errors import StemsError
from stems.infrastructure.command import Command, Effect, Result, Watch
from stems.infrastructure.runner import NodeRunner, Runner

if TYPE_CHECKING:
    from socket import socket


class EffectRefusedError(StemsError):
    """A phase that must not change a node tried to."""


class Guarded:
    """Passes commands with an allowed effect to the wrapped runner and refuses everything else."""

    def __init__(self, runner: Runner, *allowed: Effect) -> None:
        self._runner = runner
        self._allowed = frozenset(allowed)

    @property
    def place(self) -> str:
        return self._runner.place

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        if command.effect not in self._allowed:
            raise EffectRefusedError(
                f"{self.place}: a reading command tried to change something: {command}",
                remedy="report this as a bug: a preview must only read",
            )
        return self._runner.run(command, watch=watch)


class GuardedNode(Guarded):
    """The same for a node. A connection through it is for health checks: it sends a GET and reads the answer."""

    def __init__(self, node: NodeRunner, *allowed: Effect) -> None:
        super().__init__(node, *allowed)
        self._node = node

    @property
    def ssh(self) -> tuple[str, ...]:
        return self._node.ssh

    @property
    def is_local(self) -> bool:
        return self._node.is_local

    @property
    def password(self) -> Callable[[], str] | None:
        return self._node.password

    def fresh(self) -> GuardedNode:
        return GuardedNode(self._node.fresh(), *self._allowed)

    def connect(self, host: str, port: int, *, timeout: float) -> AbstractContextManager[socket]:
        return self._node.connect(host, port, timeout=timeout)


def reading(node: NodeRunner) -> GuardedNode:
    """For status and drift."""
    return GuardedNode(node, Effect.READS)


def previewing(node: NodeRunner) -> GuardedNode:
    """For plans: may also write the stage."""
    return GuardedNode(node, Effect.READS, Effect.STAGES)


def previewing_here(local: Runner) -> Guarded:
    """The same on this machine, for tools that reach the nodes by themselves."""
    return Guarded(local, Effect.READS, Effect.STAGES)
