"""Releasing the lock of a deployment whose controller is gone, after somebody saw whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stems.errors import LockHeldError, StemsError, UnknownError, UsageError
from stems.infrastructure import lock
from stems.infrastructure.lock import Held
from stems.infrastructure.running import running_here, still_running
from stems.lifecycle.look.observe import known, observe, unknown
from stems.lifecycle.places import state_folder
from stems.lifecycle.rollout.supervised import let_go
from stems.lifecycle.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Locks:
    """The locks of one deployment by node, and the nodes that may hold one too and did not answer."""

    held: Mapping[str, Held]
    silent: Mapping[str, StemsError]


def find_locks(workspace: Workspace, identity: str) -> Locks:
    """The locks of one deployment, on the nodes that answer."""
    answers = observe(workspace.cluster, workspace.runners(), workspace.cluster.nodes.values())
    silent = {name: answer.error for name, answer in unknown(answers).items()}
    held = {name: seen.lock for name, seen in known(answers).items() if seen.lock}
    found = {name: each for name, each in held.items() if each.identity == identity}
    if not found:
        for error in silent.values():
            raise error
        others = ", ".join(f"{each.identity} on {name}" for name, each in held.items())
        raise UsageError(f"{identity}: holds no lock", remedy=f"locks are: {others}" if others else "no node is locked")
    if any(each.lock for each in found.values()):
        _require_quiet_here(workspace, identity)
    for name, each in found.items():
        if each.lock:
            _require_quiet(workspace, name, each.lock.id)
    return Locks(found, silent)


def _require_quiet(workspace: Workspace, name: str, identity: str) -> None:
    node = workspace.node(name)
    running = still_running(workspace.runner(node), node, identity)
    if running:
        raise LockHeldError(
            f"{name}: deployment {identity} still runs there",
            said="\n".join(f"{process.pid} {process.program}" for process in running),
            remedy="wait for it, or `stems deploy --resume`, which waits for it and goes on",
        )


def _require_quiet_here(workspace: Workspace, identity: str) -> None:
    """What is done once for all nodes may act on this machine."""
    running = running_here(workspace.local, identity)
    if running:
        raise LockHeldError(
            f"this machine: deployment {identity} still runs here",
            said="\n".join(f"{process.pid} {process.program}" for process in running),
            remedy="wait for it, or `stems deploy --resume`, which waits for it and goes on",
        )


def release_locks(workspace: Workspace, found: Locks) -> Iterator[str]:
    """Release exactly the locks that were shown; yields each node where that was done. Raises for silent nodes."""
    answers = observe(workspace.cluster, workspace.runners(), [workspace.node(name) for name in found.held])
    silent = {**found.silent, **{name: answer.error for name, answer in unknown(answers).items()}}
    for name, seen in known(answers).items():
        held, state = found.held[name], state_folder(workspace.cluster, seen.facts.home)
        node = workspace.node(name)
        # What it watched must not be put back in the middle of the next deployment.
        let_go(workspace.runner(node), node)
        if not lock.unlock(workspace.runner(node), state, held):
            raise LockHeldError(f"{name}: somebody else took the lock meanwhile", remedy="see `stems status`")
        yield name
    for name, error in silent.items():
        raise UnknownError(
            f"{name}: may be locked by it too, and does not answer",
            said=error.problem,
            remedy="when it is back, run the same command again; until then `--without` leaves it out",
        )
