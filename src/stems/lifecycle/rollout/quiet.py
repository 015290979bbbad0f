"""Waiting until nothing of a deployment runs on a node any more: what runs there does not end with its controller."""

from __future__ import annotations

import time
from collections.abc import Callable

from stems.errors import ToolError
from stems.infrastructure.runner import NodeRunner, Runner
from stems.infrastructure.running import Process, accounts, end_command, running_here, still_running
from stems.model.node import Node

PATIENCE = 120.0
_GRACE = 10.0
_INTERVAL = 1.0


def wait_until_quiet(
    runner: NodeRunner, node: Node, deployment: str, *, say: Callable[[str], object] = lambda _: None
) -> None:
    """Return when nothing of a deployment runs on a node; end it when it does not end by itself.

    Raises when it cannot be looked at, or when something stays whatever is done.
    """
    if not _outlasts(lambda: still_running(runner, node, deployment), PATIENCE, say):
        return
    for hard in (False, True):
        for account in accounts(node):
            runner.run(end_command(deployment, hard=hard, account=account))
        if not (left := _outlasts(lambda: still_running(runner, node, deployment), _GRACE, say)):
            return
    raise ToolError(
        f"{node.name}: something of deployment {deployment} does not end",
        said="\n".join(map(_line, left)),
        remedy="end it there by hand, then `stems deploy --resume`",
    )


def wait_here(local: Runner, deployment: str, *, say: Callable[[str], object]) -> None:
    """The same for what a group step does on this machine: a task under way does not end with its controller."""
    if left := _outlasts(lambda: running_here(local, deployment), PATIENCE, say):
        raise ToolError(
            f"this machine: something of deployment {deployment} does not end",
            said="\n".join(map(_line, left)),
            remedy="end it by hand, then `stems deploy --resume`",
        )


def _outlasts(
    look: Callable[[], tuple[Process, ...]], patience: float, say: Callable[[str], object]
) -> tuple[Process, ...]:
    """What still runs when patience has run out."""
    end = time.monotonic() + patience
    while (running := look()) and time.monotonic() < end:
        say(f"waiting for what still runs: {', '.join(sorted({process.program for process in running}))}")
        time.sleep(_INTERVAL)
    return running


def _line(process: Process) -> str:
    return f"{process.pid} {process.program}"
