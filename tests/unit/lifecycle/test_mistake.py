"""A mistake of the program itself in the middle of a deployment: nothing stays half done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.infrastructure.command import Result
from stems.lifecycle.deploy import carry_out
from stems.lifecycle.progress import Event, Step
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
