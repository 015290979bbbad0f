"""Releasing the lock of a deployment whose controller is gone, after somebody saw whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stems.errors import LockHeldError, UsageError
from stems.infrastructure import lock
from stems.infrastructure.lock import Held
from stems.infrastructure.running import still_running
from stems.lifecycle.observe import known, observe, unknown
from stems.lifecycle.places import state_folder
from stems.lifecycle.workspace import Workspace

UNREADABLE = "unreadable"


def find_locks(workspace: Workspace, identity: str) -> dict[str, Held]:
    """The locks of one deployment. A node that does not answer may hold one too, so all must."""
    answers = observe(workspace.cluster, workspace.runners(), workspace.cluster.nodes.values())
    for answer in unknown(answers).values():
        raise answer.error
    held = {name: seen.lock for name, seen in known(answers).items() if seen.lock}
    found = {name: each for name, each in held.items() if (each.lock.id if each.lock else UNREADABLE) == identity}
    if not found:
        others = ", ".join(f"{each.lock.id if each.lock else UNREADABLE} on {name}" for name, each in held.items())
        raise UsageError(f"{identity}: holds no lock", remedy=f"locks are: {others}" if others else "no node is locked")
    for name, each in found.items():
        if each.lock:
            _require_quiet(workspace, name, each.lock.id)
    return found


def _require_quiet(workspace: Workspace, name: str, identity: str) -> None:
    node = workspace.node(name)
    running = still_running(workspace.runner(node), node, identity)
    if running:
        raise LockHeldError(
            f"{name}: deployment {identity} still runs there",
            said="\n".join(f"{process.pid} {process.program}" for process in running),
            remedy="wait for it, or `stems deploy --resume`, which waits for it and goes on",
        )


def release_locks(workspace: Workspace, found: Mapping[str, Held]) -> Iterator[str]:
    """Release exactly the locks that were shown; yields each node where that was done."""
    answers = known(observe(workspace.cluster, workspace.runners(), [workspace.node(name) for name in found]))
    for name, held in found.items():
        state = state_folder(workspace.cluster, answers[name].facts.home)
        if not lock.unlock(workspace.runner(workspace.node(name)), state, held):
            raise LockHeldError(f"{name}: somebody else took the lock meanwhile", remedy="see `stems status`")
        yield name
