"""The story of `make demo` goes as it is told, on a lab of its own."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from stems.cli.demo import play
from stems.cli.output import say
from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.lab.up import up
from stems.infrastructure.local import LocalRunner
from tests.support.lab import lab_name

SCENES = ["Set up", "Deploy", "Drift", "A bad release", "A node that hangs", "Undo"]
ENDS = ["exit code 4", "exit code 5", "exit code 8", "exit code 7", "exit code 7", "exit code 5"]
"""Of the commands that must not end with 0: `play` raises where one ends otherwise."""


@pytest.fixture
def stage() -> Iterator[Lab]:
    name = lab_name("-demo")
    try:
        yield up(name, LocalRunner(), say=print)
    finally:
        down(name, LocalRunner(), force=True)


def test_the_story_goes_as_it_is_told(stage: Lab) -> None:
    shown: list[str] = []

    def show(line: str) -> None:
        # A story that went wrong is told up to there.
        say(line)
        shown.append(line)

    play(stage, show=show)

    said = [click.unstyle(line).strip() for line in shown]
    assert [line.strip("─ ") for line in said if line.startswith("──")] == SCENES
    assert [line for line in said if line.startswith("exit code")] == ENDS
