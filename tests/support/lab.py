"""A lab for one test run, named after it and taken down at its end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stems.infrastructure.command import Effect, Result
from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.reach import on_node
from stems.infrastructure.lab.state import Lab, lab_names
from stems.infrastructure.lab.up import up
from stems.infrastructure.local import LocalRunner

PREFIX = "test-"


def lab_name(suffix: str = "") -> str:
    return f"{PREFIX}{os.getpid()}{suffix}"


def take_down_forgotten() -> None:
    """A run that was killed could not take its labs down: its process is gone."""
    for name in lab_names():
        pid = name.removeprefix(PREFIX).split("-")[0]
        if name.startswith(PREFIX) and pid.isdigit() and not Path(f"/proc/{pid}").exists():
            down(name, LocalRunner(), force=True)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Three nodes and the example repository, for every test of this run. Who breaks a node heals it."""
    take_down_forgotten()
    try:
        yield up(lab_name(), LocalRunner(), say=print)
    finally:
        down(lab_name(), LocalRunner(), force=True)


def ask(lab: Lab, name: str, text: str) -> Result:
    """What a node says to a script, over plain ssh."""
    return on_node(lab, lab.node(name), text, runner=LocalRunner(), effect=Effect.WRITES)
