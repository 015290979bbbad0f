"""Starting a process on this machine: the only module that does."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, TYPE_CHECKING

from stems.errors import DeadlineError, ToolError
from stems.infrastructure.command import MAX_OUTPUT, Result, Watch

if TYPE_CHECKING:
    import socket

_GRACE = 2.0
_CHUNK = 65536
_TICK = 0.02
_RUNNING: set[subprocess.Popen[bytes]] = set()


class _Stream(threading.Thread):
    """Collects one stream up to the size cap, handing over whole lines on the way."""

    def __init__(self, source: IO[bytes], watch: Watch | None = None) -> None:
        super().__init__(daemon=True)
        self._source = source
        self._watch = watch
        self._parts: list[bytes] = []
        self.overflow = False
        self.start()

    def run(self) -> None:
        size = 0
        with contextlib.suppress(OSError, ValueError):
            while part := self._next():
                size += len(part)
                if size > MAX_OUTPUT:
                    self.overflow = True
                    # Nobody reads on: the next write ends the program, here or on the node.
                    self._source.close()
                    return
                self._parts.append(part)
                if self._watch:
                    self._watch(part)

    def _next(self) -> bytes:
        return self._source.readline(MAX_OUTPUT + 1) if self._watch else os.read(self._source.fileno(), _CHUNK)

    def collected(self) -> bytes:
        return b"".join(self._parts)


def run_process(
    argv: Sequence[str],
    *,
    stdin: bytes,
    timeout: float,
    cwd: str = "",
    env: Mapping[str, str] | None = None,
    watch: Watch | None = None,
) -> Result:
    """Run `argv` to its end and collect both streams.

    The child gets a session of its own: Ctrl-C reaches stems alone, which then decides what ends and what is finished.
    """
    process = _start(argv, cwd=cwd, env=env)
    assert process.stdin and process.stdout and process.stderr  # noqa: S101  # three pipes were asked for
    streams = _Stream(process.stdout, watch), _Stream(process.stderr)
    try:
        _feed(process.stdin, stdin)
        status = _wait(process, timeout)
    finally:
        _end(process)
        for stream in streams:
            stream.join(_GRACE)
    if status is None:
        raise DeadlineError(
            f"no end within {timeout:g} s",
            ran=" ".join(argv[:3]),
            said=streams[1].collected().decode("utf-8", "replace"),
            remedy="see whether it still runs there, then try again",
        )
    if any(stream.overflow for stream in streams):
        raise ToolError(f"{argv[0]}: more than {MAX_OUTPUT} bytes of output", remedy="see what it prints by hand")
    return Result(status, streams[0].collected(), streams[1].collected())


def _start(argv: Sequence[str], *, cwd: str, env: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd or None,
            env=dict(env) if env is not None else None,
            start_new_session=True,
        )
    except FileNotFoundError:
        missing = cwd if cwd and not os.path.isdir(cwd) else argv[0]  # noqa: PTH112  # one stat, no Path import
        raise ToolError(f"{missing} is not on this machine", remedy=f"install {argv[0]}") from None
    except OSError as error:
        raise ToolError(f"{argv[0]} cannot be started: {error.strerror}") from None


def _wait(process: subprocess.Popen[bytes], timeout: float) -> int | None:
    """The exit status, None when time ran out. `Popen.wait` with a timeout polls, which costs 25 ms a command."""
    waiter = threading.Thread(target=_has_ended, args=(process.pid,), daemon=True)
    waiter.start()
    _RUNNING.add(process)
    try:
        waiter.join(timeout)
    finally:
        _RUNNING.discard(process)
    return None if waiter.is_alive() else process.wait()


def _has_ended(pid: int, options: int = 0) -> bool:
    """Whether a process has ended. It is not reaped, so that nobody else gets its number, which is its group's."""
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | options) is not None
    except ChildProcessError:
        return True


def end_all() -> None:
    """End every process that some thread waits for: the person does not want their answers any more."""
    for process in tuple(_RUNNING):
        _end(process)


def _feed(pipe: IO[bytes], content: bytes) -> None:
    # A program that ends without reading its input is judged by its exit status.
    writer = threading.Thread(target=_write, args=(pipe, content), daemon=True)
    writer.start()


def _write(pipe: IO[bytes], content: bytes) -> None:
    with contextlib.suppress(OSError):
        pipe.write(content)
    with contextlib.suppress(OSError):
        pipe.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, whatever of that is deaf to being asked."""
    if process.poll() is not None:
        return
    _signal(process, signal.SIGTERM)
    end = time.monotonic() + _GRACE
    while time.monotonic() < end and not _has_ended(process.pid, os.WNOHANG):
        time.sleep(_TICK)
    _signal(process, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # What became root through sudo cannot be signalled: that must not hide why it is to end.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


@contextlib.contextmanager
def open_socket(argv: Sequence[str], *, env: Mapping[str, str]) -> Iterator[socket.socket]:
    """A socket whose other end is the standard input and output of a process."""
    import socket  # noqa: PLC0415  # few commands need one, and all pay for an import above

    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = subprocess.Popen(
                list(argv),
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=subprocess.DEVNULL,
                env=dict(env),
                start_new_session=True,
            )
        try:
            yield ours
        finally:
            _end(process)
