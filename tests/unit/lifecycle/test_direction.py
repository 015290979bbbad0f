"""A clone that is not up to date must not quietly take a newer commit away."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from stems.infrastructure.journal import Act
from stems.lifecycle.direction import backward
from stems.lifecycle.workspace import Workspace
from stems.model.deployment import Outcome
from tests.support.builders import CLUSTER, entry, observed
from tests.support.fake import FakeRunner
from tests.support.scratch import Scratch


def test_going_back_is_said_of_each_node_that_runs_something_else(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    first = scratch.commit({"README.md": "a\n"})
    second = scratch.commit({"README.md": "b\n"})
    place = Workspace(scratch.open(), second, CLUSTER, FakeRunner({}, "this machine"), tmp_path, ExitStack())
    ran = entry(Act.RESULT, outcome=Outcome.DEPLOYED.value)
    commits = {"older": first, "same": second, "unknown": "f" * 40}
    seen = {"fresh": observed("fresh")} | {
        name: observed(name, replace(ran, commit=commit)) for name, commit in commits.items()
    }

    assert list(backward(place, second, seen)) == ["unknown"]
    assert list(backward(place, first, seen)) == ["same", "unknown"]
    assert second[:12] in backward(place, first, seen)["same"][0]
