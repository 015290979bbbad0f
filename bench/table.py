"""The results as a page: every value with its budget and a verdict, and the machine they were taken on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

MEMORY = 150


@dataclass(frozen=True)
class Line:
    """One row. `met` is None for what has no budget."""

    what: str
    value: str
    budget: str = ""
    met: bool | None = None


@dataclass
class Page:
    """What a run of the benchmark found, section by section."""

    sections: list[tuple[str, str, list[Line]]] = field(default_factory=list)

    def add(self, title: str, about: str, lines: Sequence[Line]) -> None:
        self.sections.append((title, about, list(lines)))
        print(f"\n{title}", flush=True)
        for line in lines:
            print(f"  {line.what:<66} {line.value:>14}  {line.budget:<12} {_verdict(line)}", flush=True)

    def markdown(self, machine: str) -> str:
        parts = ["# What reading commands cost", "", "Written by `make bench` (`bench/run.py`). " + machine, ""]
        for title, about, lines in self.sections:
            parts += [f"## {title}", "", *([about, ""] if about else [])]
            parts += ["| what | value | budget | verdict |", "|---|---:|---|---|"]
            parts += [f"| {line.what} | {line.value} | {line.budget} | {_verdict(line)} |" for line in lines]
            parts.append("")
        return "\n".join(parts)

    def write(self, path: Path, machine: str) -> None:
        temporary = path.with_suffix(".new")
        temporary.write_text(self.markdown(machine))
        temporary.replace(path)


def _verdict(line: Line) -> str:
    return "" if line.met is None else "met" if line.met else "**missed**"


def within(what: str, seconds: float, limit: float) -> Line:
    return Line(what, shown(seconds), f"< {shown(limit)}", seconds < limit)


def ratio(what: str, value: float, limit: float) -> Line:
    """How many times as long as something else, which must not be more."""
    return Line(what, f"{value:.2f} x", f"<= {limit:g} x", value <= limit)


def faster(what: str, value: float, limit: float) -> Line:
    """How many times as fast as something else, which must not be less."""
    return Line(what, f"{value:.1f} x", f">= {limit:g} x", value >= limit)


def memory(what: str, kilobytes: int, limit: int = MEMORY) -> Line:
    """The largest process of a command."""
    size = kilobytes / 1024
    return Line(f"{what}: memory", f"{size:.0f} MB", f"< {limit} MB", size < limit)


def shown(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"


def machine(load_before: float) -> str:
    """The machine, and whether others used it meanwhile."""
    cores = len(os.sched_getaffinity(0))
    busy = load_before > cores * 0.5
    state = (
        f"**loaded by others: load {load_before:.1f} before the first measurement, so read ratios and processor time, "
        "not milliseconds**"
        if busy
        else f"quiet (load {load_before:.1f} before the first measurement)"
    )
    return f"Machine: {cores} cores, Python {platform.python_version()}, {platform.machine()}, {state}."
