"""What is printed is what was read and accepted, byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stems.lifecycle.workspace import Workspace
from tests.support.builders import FIRST, workspace
from tests.transcripts.assessed import adopt_page, assess_page
from tests.transcripts.scenes import Scene, drift_page, history_page, page, plan_page, status_page

FOLDER = Path(__file__).parent
PAGES = {
    "assess": assess_page,
    "adopt": adopt_page,
    "plan": lambda place: plan_page(),
    "status": status_page,
    "drift": drift_page,
    "history": history_page,
}


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return replace(workspace(tmp_path), head=FIRST)


@pytest.mark.parametrize("name", PAGES)
def test_what_people_see_is_what_was_accepted(name: str, place: Workspace, request: pytest.FixtureRequest) -> None:
    scenes: Iterator[Scene] = PAGES[name](place)
    printed = page(name, scenes)
    path = FOLDER / f"{name}.md"
    if request.config.getoption("--accept", default=False):
        path.write_text(printed)

    assert printed.splitlines() == path.read_text().splitlines()
    assert printed == path.read_text()


def test_every_transcript_belongs_to_a_page() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == PAGES.keys()


def test_nothing_printed_steers_a_terminal() -> None:
    assert not any("\x1b" in path.read_text() or "\x07" in path.read_text() for path in FOLDER.glob("*.md"))
