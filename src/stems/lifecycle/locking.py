"""Holding every target node while a deployment runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from stems.errors import StemsError
from stems.infrastructure import lock
from stems.infrastructure.lock import Held, Lock
from stems.lifecycle.run import Run


@contextmanager
def locked(run: Run, why: str, *, host: str, seen: Mapping[str, Held] | None = None) -> Iterator[None]:
    """Take the lock of each node in one fixed order, and let go of them however the block ends.

    `seen` are locks of this very deployment whose run has died: they are taken over.
    """
    ours = Lock(id=run.identity, who=run.who.split("@", maxsplit=1)[0], host=host, why=why, plan=run.plan.digest)
    taken: list[str] = []
    try:
        for name in sorted(node.node for node in run.plan.nodes):
            _take(run, name, ours, (seen or {}).get(name))
            taken.append(name)
        yield
    finally:
        _release(run, taken, ours)


def _take(run: Run, name: str, ours: Lock, seen: Held | None) -> None:
    if seen:
        lock.take_over(run.runners[name], run.state(name), seen=seen, lock=ours)
    else:
        lock.take(run.runners[name], run.state(name), ours)


def _release(run: Run, names: Sequence[str], ours: Lock) -> None:
    for name in reversed(names):
        # A node that went away keeps its lock: `status` shows it, `unlock` and `--resume` end it.
        with suppress(StemsError):
            lock.release(run.runners[name], run.state(name), ours)
