"""The lab of the cluster stories: one of this run, or the one that STEMS_LAB names and that stays up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.faults import heal
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.lab.up import up
from stems.infrastructure.local import LocalRunner
from tests.support.lab import lab_name, take_down_forgotten
from tests.support.story import Story, story

Tell = Callable[..., AbstractContextManager[Story]]


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Three nodes for every story of this run."""
    named = os.environ.get("STEMS_LAB", "")
    take_down_forgotten()
    # The same lab that other tests of this run may have started: `up` then only looks at it.
    made = up(named or lab_name(), LocalRunner(), say=print)
    try:
        heal(made, LocalRunner())
        yield made
    finally:
        if not named:
            down(made.name, LocalRunner(), force=True)


@pytest.fixture
def told(lab: Lab, tmp_path: Path) -> Tell:
    """Begin a story: `with told("name") as story:`."""
    return lambda name, **options: story(lab, tmp_path, name, **options)
