"""A rollout where nobody has a terminal: a line for each event, and none twice."""

from __future__ import annotations

import re
from dataclasses import replace

import click
import pytest

from stems.cli.deploying import done_text
from stems.cli.render.rollout import shown_rollout
from stems.lifecycle.progress import ALL_NODES, Event, Phase, Step
from stems.model.deployment import Deployment, Outcome
from tests.support.builders import FIRST, ID
from tests.unit.model.test_plan import NOW

NODES = {"prtr": Outcome.DEPLOYED, "drtr": Outcome.UNCHANGED, "crtr": Outcome.NOT_REACHED}
ENDED = Deployment(ID, "f" * 64, FIRST, "owner@laptop", "deploy", NOW, Outcome.DEPLOYED, nodes=NODES)


def test_a_wait_says_how_things_are_when_that_changes(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_rollout(["prtr"]) as progress:
        progress(Event("prtr", Step.HEALTH, Phase.BEGUN))
        for detail in ("web is starting", "web is starting", "healthy, watching"):
            progress(Event("prtr", Step.HEALTH, Phase.NOTE, detail))
        progress(Event("prtr", Step.HEALTH, Phase.DONE))
    lines = [re.sub(r"^ *[0-9.]+ s  ", "", click.unstyle(line)) for line in capsys.readouterr().err.splitlines()]

    assert lines == [
        "… prtr         health",
        "… prtr         health note: web is starting",
        "… prtr         health note: healthy, watching",
        "✓ prtr         health done",
    ]


def test_a_step_for_all_nodes_names_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    with shown_rollout(["prtr"]) as progress:
        progress(Event(ALL_NODES, Step.GROUP, Phase.DONE))

    assert click.unstyle(capsys.readouterr().err).endswith("✓ all nodes    group done\n")


def test_the_end_says_what_was_done_and_where() -> None:
    assert done_text(ENDED) == "deployed 11111111 on prtr, drtr"
    assert done_text(replace(ENDED, purpose="rollback")) == "rolled back to 11111111 on prtr, drtr"
    assert done_text(replace(ENDED, purpose="repair")) == "repaired prtr: as 11111111 says"
