"""What a command costs: wall time, processor time and memory, in rounds that take each subject in turn."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

ROUNDS = 7
LIMIT = 300.0

# A process counts the memory of the one that started it too, so it is started from a small one.
_LAUNCH = """
import os, resource, sys
status = os.spawnvp(os.P_WAIT, sys.argv[1], sys.argv[1:])
print()
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, flush=True)
"""


@dataclass(frozen=True)
class Sample:
    """One run: seconds on the clock, and seconds of processor of all its processes."""

    wall: float
    cpu: float
    status: int
    output: str


@dataclass(frozen=True)
class Subject:
    """What is measured. `before` makes the state it starts from and is not counted."""

    argv: Sequence[str]
    cwd: Path | None = None
    env: Mapping[str, str] | None = None
    before: Callable[[], None] = lambda: None
    expect: tuple[int, ...] = (0,)
    limit: float = LIMIT


@dataclass(frozen=True)
class Summary:
    """Medians of the rounds, and the last output. `failed` says how a run ended that should not have."""

    wall: float
    cpu: float
    rss: int
    status: int
    output: str
    failed: str = ""


def run(subject: Subject) -> Sample:
    """Run it once, bounded."""
    subject.before()
    environment = {**os.environ, **(subject.env or {})}
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            list(subject.argv), cwd=subject.cwd, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        timer = threading.Timer(subject.limit, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        try:
            _, status, used = os.wait4(process.pid, 0)
        except KeyboardInterrupt:
            os.killpg(process.pid, signal.SIGTERM)
            raise
        finally:
            timer.cancel()
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    return Sample(wall, used.ru_utime + used.ru_stime, process.returncode, said)


def side_by_side(subjects: Mapping[str, Subject], *, rounds: int = ROUNDS) -> dict[str, Summary]:
    """Each subject once a round, so that what else the machine does meets all; the first round is not counted."""
    memory = {name: peak(subject) for name, subject in subjects.items()}
    samples: dict[str, list[Sample]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, subject in subjects.items():
            samples[name].append(run(subject))
    return {name: _summary(subjects[name], found, memory[name]) for name, found in samples.items()}


def peak(subject: Subject) -> int:
    """The most memory of any process of a run, in kilobytes."""
    launched = run(replace(subject, argv=(sys.executable, "-S", "-c", _LAUNCH, *subject.argv)))
    last = launched.output.rstrip().rpartition("\n")[2]
    return int(last) if last.isdigit() else 0


def _summary(subject: Subject, found: Sequence[Sample], memory: int) -> Summary:
    wrong = next((each for each in found if each.status not in subject.expect), None)
    return Summary(
        wall=statistics.median(each.wall for each in found),
        cpu=statistics.median(each.cpu for each in found),
        rss=memory,
        status=found[-1].status,
        output=found[-1].output,
        failed=f"ended with {wrong.status}: {_tail(wrong.output)}" if wrong else "",
    )


def _tail(output: str) -> str:
    lines = output.strip().splitlines()
    return lines[-1][:200] if lines else ""
