"""What people are shown first: the story of `make demo`, and the session in README.md, on one lab of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docs.session import normalised, shown_in_readme
from docs.session import play as play_session
from stems.cli.demo import play
from stems.cli.output import say
from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.repository import work_in
from stems.infrastructure.lab.state import Lab, require_lab
from stems.infrastructure.lab.up import up
from stems.infrastructure.local import LocalRunner
from tests.support.lab import lab_name

SCENES = ["Set up", "Deploy", "Drift", "A bad release", "A node that hangs", "Undo"]
ENDS = ["exit code 4", "exit code 5", "exit code 8", "exit code 7", "exit code 7", "exit code 5"]
"""Of the commands that must not end with 0: `play` raises where one ends otherwise."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Lab]:
    """Three nodes with the example, whose health checks keep a machine busy: it goes right after these tests."""
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
    assert work_in(require_lab(stage.name), LocalRunner()) == "", "it can be told again without giving up anything"


def test_the_session_in_the_readme_is_what_the_commands_print(stage: Lab, tmp_path: Path) -> None:
    """A person who types what the README shows sees what the README shows."""
    played = play_session(stage, tmp_path)

    assert normalised(played) == normalised(shown_in_readme()), "run `.venv/bin/python -m docs.session`"
