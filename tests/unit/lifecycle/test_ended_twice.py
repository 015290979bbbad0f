"""A deployment that is resumed ends again: the ledger keeps every end, and the newest counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.infrastructure.command import Effect
from stems.lifecycle import records
from stems.lifecycle.run import Run
from stems.lifecycle.workspace import Workspace
from stems.model.deployment import Outcome
from stems.model.plan import Plan
from stems.tools.git.command import git_command, output_of
from stems.tools.git.ledger import REF, Ledger
from tests.support.builders import ID, node_plan, plan, run, workspace


def under_way(place: Workspace, wanted: Plan, **outcomes: Outcome) -> Run:
    return run(place, wanted, {}, outcomes=outcomes)[0]


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path)


def wanted_at(place: Workspace) -> Plan:
    return replace(plan(node_plan("prtr")), commit=place.repository.resolve("HEAD"))


def standing(place: Workspace) -> list[tuple[str, Outcome]]:
    return [(each.identity, each.outcome) for each in records.deployments(place)]


def test_ended_twice_the_last_end_counts(place: Workspace) -> None:
    """Taking back failed and the lock stayed; the resumed run completed, and could not write that down."""
    wanted = wanted_at(place)
    records.begin(under_way(place, wanted), None)
    records.end(under_way(place, wanted, prtr=Outcome.TAKING_BACK_FAILED), Outcome.TAKING_BACK_FAILED, "restless")
    ended = records.end(under_way(place, wanted, prtr=Outcome.DEPLOYED), Outcome.DEPLOYED, "")

    assert standing(place) == [(ID, Outcome.DEPLOYED)]
    assert records.deployment_of(place, wanted.digest) == ended


def test_ends_from_two_clones_join(place: Workspace, tmp_path: Path) -> None:
    """The first was killed after its end was written down and before it was sent; another clone resumed it."""
    (tmp_path / "other").mkdir()
    other = workspace(tmp_path / "other")
    wanted = wanted_at(place)
    records.begin(under_way(place, wanted), None)
    theirs, ours = Ledger.of(other.repository), Ledger.of(place.repository)
    theirs.merge(fetched(theirs, ours), source="prtr")
    for clone in (place, other):
        records.end(under_way(clone, wanted_at(clone), prtr=Outcome.DEPLOYED), Outcome.DEPLOYED, "")
    ours.merge(fetched(ours, theirs), source="prtr")

    assert standing(place) == [(ID, Outcome.DEPLOYED)]
    assert len(ours.read(f"deployments/{ID}-end")) == 2


def fetched(into: Ledger, source: Ledger) -> str:
    command = git_command(into.folder, "fetch", "-q", str(source.folder), f"{REF}:refs/x", effect=Effect.WRITES)
    output_of(into.runner, command, "it cannot be fetched")
    return source.head()
