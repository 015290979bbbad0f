"""Holding every target node while a deployment runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from stems.errors import NotRecordedError, StemsError
from stems.infrastructure import lock
from stems.infrastructure.interrupt import uninterrupted
from stems.infrastructure.lock import Held, Lock
from stems.lifecycle.progress import Event, Phase, Step
from stems.lifecycle.run import Run


@contextmanager
def locked(run: Run, why: str, *, host: str, seen: Mapping[str, Held] | None = None) -> Iterator[None]:
    """Take the lock of each node in one fixed order, and let go of them however the block ends.

    `seen` are locks of this very deployment whose run has died: they are taken over. A node on which something may
    still run keeps its lock, and so do all where the end could not be recorded: `--resume` finds them by it.
    """
    ours = Lock(id=run.identity, who=run.who.split("@", maxsplit=1)[0], host=host, why=why, plan=run.plan.digest)
    taken: list[str] = []
    try:
        for name in sorted(node.node for node in run.plan.nodes):
            # Noted first: the node may hold the lock although its answer never came. Only ours is released.
            taken.append(name)
            _take(run, name, ours, (seen or {}).get(name))
        yield
    except NotRecordedError:
        taken.clear()
        raise
    finally:
        with uninterrupted(lambda: None):
            _release(run, [name for name in taken if name not in run.restless], ours)


def _take(run: Run, name: str, ours: Lock, seen: Held | None) -> None:
    if seen:
        lock.take_over(run.runners[name], run.state(name), seen=seen, lock=ours)
    else:
        lock.take(run.runners[name], run.state(name), ours)


def _release(run: Run, names: Sequence[str], ours: Lock) -> None:
    for name in reversed(names):
        try:
            lock.release(run.runners[name], run.state(name), ours)
        except StemsError as error:
            detail = f"may keep its lock ({error.problem}): see `stems status`, then `stems unlock {run.identity}`"
            run.progress(Event(name, Step.UNLOCK, Phase.NOTE, detail))
