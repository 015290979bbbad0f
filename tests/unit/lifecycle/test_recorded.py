"""A deployment that went well is written down whatever comes between, or stays open for `--resume`."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from stems.errors import NotRecordedError, TakenBackError, ToolError
from stems.infrastructure.command import Command, Result, Watch
from stems.infrastructure.runner import Runner
from stems.lifecycle import records
from stems.lifecycle.deploy import carry_out
from stems.lifecycle.rollout.locking import locked
from stems.lifecycle.run import Run
from stems.lifecycle.workspace import Workspace
from stems.model.deployment import Outcome
from tests.support.builders import node_plan, plan, run, workspace
from tests.support.fake import FakeRunner

SCRIPT = ("/bin/sh", "-s")


@dataclass
class Interrupting:
    """The real runner, and somebody who presses Ctrl-C when the ledger moves."""

    runner: Runner
    place: str = "this machine"
    pressed: int = 0

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        if "update-ref" in command.argv:
            self.pressed += 1
            signal.raise_signal(signal.SIGINT)
        return self.runner.run(command, watch=watch)


def done(place: Workspace, commit: str) -> Run:
    """A run whose only node is done."""
    wanted = replace(plan(node_plan("prtr")), commit=commit)
    return run(place, wanted, {}, outcomes={"prtr": Outcome.DEPLOYED})[0]


def test_an_interrupt_while_success_is_recorded_comes_too_late(tmp_path: Path) -> None:
    place = workspace(tmp_path)
    keyboard = Interrupting(place.repository.runner)
    made = done(replace(place, repository=replace(place.repository, runner=keyboard)), place.repository.resolve("HEAD"))

    assert carry_out(made).outcome is Outcome.DEPLOYED
    assert [each.outcome for each in records.deployments(place)] == [Outcome.DEPLOYED]
    assert keyboard.pressed == 1


def test_what_cannot_be_recorded_is_no_failed_deployment(tmp_path: Path) -> None:
    """The tag of a commit that is not there cannot be made: nothing is taken back for that."""
    made = done(workspace(tmp_path), "1" * 40)

    with pytest.raises(NotRecordedError, match="deployed on prtr, not recorded: ") as raised:
        carry_out(made)
    assert "stems deploy --resume" in raised.value.remedy
    assert made.outcomes == {"prtr": Outcome.DEPLOYED}


def test_a_failure_that_cannot_be_recorded_keeps_its_locks(tmp_path: Path) -> None:
    """Another program holds the ledger: the deployment is found by its locks, and ends when it can be written down."""
    place = workspace(tmp_path)
    node = FakeRunner({SCRIPT: Result(0, b"taken\n")}, "prtr")
    wanted = replace(plan(node_plan("prtr")), commit=place.repository.resolve("HEAD"))
    made, _ = run(place, wanted, {"prtr": node}, outcomes={"prtr": Outcome.TAKEN_BACK})
    held = place.repository.common / "refs/heads/stems/ledger.lock"
    held.parent.mkdir(parents=True, exist_ok=True)
    held.touch()

    with pytest.raises(TakenBackError, match="taken back on prtr") as raised, locked(made, "deploy", host="laptop"):
        carry_out(made)
    assert "not recorded: " in raised.value.said
    assert "stems deploy --resume" in raised.value.remedy
    assert len(node.ran) == 1, "the lock was taken and not let go"
    held.unlink()

    with pytest.raises(TakenBackError):
        carry_out(replace(made, restless={}))
    assert [each.outcome for each in records.deployments(place)] == [Outcome.TAKEN_BACK]


@pytest.mark.parametrize(("error", "asked"), [(NotRecordedError("x"), 1), (ToolError("x"), 2)])
def test_only_what_is_not_recorded_keeps_its_lock(tmp_path: Path, error: Exception, asked: int) -> None:
    node = FakeRunner({SCRIPT: Result(0, b"taken\n")}, "prtr")
    made, _ = run(workspace(tmp_path), plan(node_plan("prtr")), {"prtr": node}, outcomes={})

    with pytest.raises(type(error)), locked(made, "deploy", host="laptop"):
        raise error
    assert len(node.ran) == asked, "the second is the release"
