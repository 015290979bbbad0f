"""A mistake of the program itself in the middle of a deployment: nothing stays half done."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import NotRecordedError
from stems.infrastructure.command import Result
from stems.lifecycle import records
from stems.lifecycle.deploy import carry_out
from stems.lifecycle.progress import Event, Step
from stems.lifecycle.run import Run
from stems.model.deployment import Outcome
from stems.tools.git.ledger import Ledger
from tests.support.builders import change, node_plan, plan, run, workspace
from tests.support.fake import FakeRunner


def test_what_was_deployed_is_taken_back_and_recorded(tmp_path: Path) -> None:
    wanted = plan(*(node_plan(name, change(name, "file:/etc/motd")) for name in ("drtr", "prtr")))
    nodes = {name: FakeRunner({("/bin/sh", "-s"): Result(0)}, name, is_local=True) for name in ("drtr", "prtr")}
    place = workspace(tmp_path)
    made, _ = run(place, wanted, nodes, outcomes={"prtr": Outcome.DEPLOYED})

    def mistaken(event: Event) -> None:
        if event.step is Step.IDENTITY:
            raise KeyError(event.node)

    with pytest.raises(KeyError, match="drtr"):
        carry_out(replace(made, progress=mistaken))
    assert made.outcomes == {"prtr": Outcome.TAKEN_BACK, "drtr": Outcome.NOT_REACHED}
    files = Ledger.of(place.repository).read(f"deployments/{made.identity}")
    assert [content for content in files.values() if b"stems failed with KeyError" in content]


def _done(folder: Path) -> Run:
    place = workspace(folder)
    wanted = replace(plan(node_plan("prtr", change("prtr", "file:/etc/motd"))), commit=place.repository.head())
    node = FakeRunner({("/bin/sh", "-s"): Result(0)}, "prtr", is_local=True)
    return run(place, wanted, {"prtr": node}, outcomes={"prtr": Outcome.DEPLOYED})[0]


def test_what_is_done_and_cannot_be_written_down_stays_locked_and_can_be_resumed(tmp_path: Path) -> None:
    """Nothing failed on a node, so nothing is taken back, and nobody is alarmed."""
    made = _done(tmp_path)
    # A folder of that name: no branch of it can be made.
    made.workspace.repository.common.joinpath("refs/heads/stems/ledger/x").mkdir(parents=True)
    made.workspace.repository.common.joinpath("refs/heads/stems/ledger/x/y").write_text("0" * 40 + "\n")

    with pytest.raises(NotRecordedError, match=r"^deployed on prtr, but not recorded: ") as refused:
        carry_out(made)
    assert f"`stems deploy --resume {made.identity}`" in refused.value.remedy
    assert made.outcomes == {"prtr": Outcome.DEPLOYED}
    assert made.restless.keys() == {"prtr"}, "its lock stays"


def test_an_interrupt_while_the_end_is_written_down_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = _done(tmp_path)
    append = Ledger.append

    def interrupted(self: Ledger, files: Mapping[str, bytes], message: str) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        return append(self, files, message)

    monkeypatch.setattr(Ledger, "append", interrupted)
    assert carry_out(made).outcome is Outcome.DEPLOYED
    assert [each.outcome for each in records.deployments(made.workspace)] == [Outcome.DEPLOYED]
