"""Who starts or ends a lab waits for its turn.

Docker names a free subnet, and the kernel a free port, to whoever asks; of two who remove one container, one is
refused.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Wait for those who began before; the kernel ends the turn of a process that died."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "turn").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
