"""Feeds a target with mutations, and keeps those that reach lines that nothing reached before."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import stems
from fuzz.mutation import mutated
from fuzz.targets import Target

SOURCE = str(Path(stems.__file__).parent)
SLOW = 5.0
"""Seconds for one input, while every line is watched: what takes longer is a finding."""


@dataclass
class Coverage:
    """The lines of stems that ran, as file and number."""

    lines: set[tuple[str, int]] = field(default_factory=set)

    @contextmanager
    def watching(self) -> Iterator[None]:
        sys.settrace(self._call)
        try:
            yield
        finally:
            sys.settrace(None)

    def _call(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._line if frame.f_code.co_filename.startswith(SOURCE) else None

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            self.lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line


@dataclass
class Tried:
    """What came of one target. `broken` are inputs, each with what they did."""

    target: Target
    inputs: int = 0
    coverage: Coverage = field(default_factory=Coverage)
    corpus: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)


def fuzz(target: Target, *, seconds: float, seed: int, most: int = 10) -> Tried:
    """Try a target for some time, or until so many inputs break it. The same seed tries the same ones in that time."""
    tried, chance = Tried(target), Random(seed)
    end = time.monotonic() + seconds
    for text in target.seeds:
        _try(tried, text)
    tried.corpus = list(dict.fromkeys((*target.seeds, *tried.corpus)))
    while time.monotonic() < end and len(tried.broken) < most:
        # What was found last leads on.
        text = chance.choice(tried.corpus[-20:] if chance.random() < 0.5 else tried.corpus)
        _try(tried, mutated(text, tuple(tried.corpus), chance))
    return tried


def _try(tried: Tried, text: str) -> None:
    before, start = len(tried.coverage.lines), time.monotonic()
    problem = ""
    try:
        with tried.coverage.watching():
            tried.target.run(text)
    except Exception:  # noqa: BLE001  # whatever it is, it is what is looked for
        problem = traceback.format_exc(limit=-6)
    took = time.monotonic() - start
    if not problem and took > SLOW:
        problem = f"took {took:.1f} s\n"
    tried.inputs += 1
    if problem:
        tried.broken.setdefault(problem, text)
    elif len(tried.coverage.lines) > before:
        tried.corpus.append(text)
