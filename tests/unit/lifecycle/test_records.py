"""What the ledger says of deployments and approvals, and what it says when somebody wrote nonsense into it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from stems.errors import ToolError, UnknownError, UsageError
from stems.lifecycle import records
from stems.lifecycle.rollback import before_what_runs, commit_of
from stems.lifecycle.workspace import Workspace
from stems.model.approval import Approval
from stems.model.deployment import Deployment, Outcome
from stems.tools.git.ledger import Ledger
from tests.support.builders import FIRST, ID, SECOND, workspace
from tests.unit.model.test_plan import NOW, PLAN

RUNNING = Deployment(ID, PLAN.digest, FIRST, "owner@laptop", "deploy", NOW, Outcome.RUNNING, nodes={})
ENDED = replace(RUNNING, outcome=Outcome.DEPLOYED, ended=NOW + timedelta(seconds=90))
LATER = replace(RUNNING, identity="20261122T130000Z-fedcba", plan="f" * 64, commit=SECOND)


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return workspace(tmp_path)


def write(place: Workspace, **files: Deployment) -> None:
    written = {
        f"deployments/{each.identity}-{kind.rpartition('_')[2]}.json": json.dumps(each.to_json()).encode()
        for kind, each in files.items()
    }
    Ledger.of(place.repository).append(written, "Write")


def test_the_end_of_a_deployment_is_what_counts_and_the_newest_is_first(place: Workspace) -> None:
    write(place, one_begin=RUNNING, one_end=ENDED, two_begin=LATER)

    assert records.deployments(place) == [LATER, ENDED]


def test_a_used_plan_is_found_with_how_its_deployment_ended(place: Workspace) -> None:
    write(place, one_begin=RUNNING, one_end=ENDED, two_begin=LATER)

    assert records.deployment_of(place, PLAN.digest) == ENDED
    assert records.deployment_of(place, LATER.plan) == LATER
    assert records.deployment_of(place, "0" * 64) is None


def test_a_deployment_survives_its_own_file() -> None:
    full = replace(ENDED, nodes={"prtr": Outcome.TAKEN_BACK}, previous={"prtr": SECOND}, reason="drtr: gone")

    assert Deployment.from_json(json.loads(json.dumps(full.to_json()))) == full


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"id": "x", "outcome": "?"}'])
def test_a_record_that_cannot_be_read_is_unknown(place: Workspace, content: bytes) -> None:
    Ledger.of(place.repository).append({f"deployments/{ID}-begin.json": content}, "Write")

    with pytest.raises(UnknownError, match="the ledger holds a deployment that cannot be read"):
        records.deployments(place)


def test_an_approval_brings_its_plan_along(place: Workspace) -> None:
    approval = Approval(PLAN.digest, "owner@laptop", NOW)
    records.approved(place, PLAN, approval, approvers=None)

    assert records.plan(place, PLAN.digest) == PLAN
    assert records.approval(place, PLAN.digest) == approval
    assert records.approval(place, "0" * 64) is None


def test_the_newest_approval_of_a_plan_counts(place: Workspace) -> None:
    later = Approval(PLAN.digest, "other@laptop", NOW + timedelta(hours=1))
    for each in (later, Approval(PLAN.digest, "owner@laptop", NOW)):
        records.approved(place, PLAN, each, approvers=None)

    assert records.approval(place, PLAN.digest) == later


def test_a_plan_that_is_not_in_the_ledger_says_what_to_do(place: Workspace) -> None:
    with pytest.raises(ToolError, match="is not in the ledger") as missing:
        records.plan(place, "0" * 64)

    assert "stems unlock" in missing.value.remedy


def test_an_end_without_its_beginning_is_told_too(place: Workspace) -> None:
    write(place, one_end=ENDED)

    assert records.deployments(place) == [ENDED]


def test_a_rollback_goes_to_what_was_deployed_before(place: Workspace) -> None:
    done = replace(LATER, outcome=Outcome.DEPLOYED)
    write(place, one_begin=RUNNING, one_end=ENDED, two_begin=LATER, two_end=done)
    known = records.deployments(place)

    assert before_what_runs(known) == FIRST
    assert commit_of(known, done.identity) == SECOND


THIRD = replace(LATER, identity="20261122T140000Z-abcdef", commit="3" * 40)


@pytest.mark.parametrize(
    ("third", "goes_to"),
    [
        (replace(THIRD, outcome=Outcome.FAILED, nodes={"prtr": Outcome.FAILED}), SECOND),
        (replace(THIRD, outcome=Outcome.FAILED, nodes={"prtr": Outcome.NOT_REACHED}), FIRST),
        (replace(THIRD, outcome=Outcome.TAKING_BACK_FAILED), SECOND),
        (replace(THIRD, outcome=Outcome.RUNNING), SECOND),
        (replace(THIRD, outcome=Outcome.TAKEN_BACK, nodes={"prtr": Outcome.TAKEN_BACK}), FIRST),
        (replace(THIRD, outcome=Outcome.CANCELLED), FIRST),
        (replace(THIRD, outcome=Outcome.DEPLOYED, commit=SECOND), FIRST),
    ],
    ids=["failed", "nothing applied", "taking back failed", "died", "taken back", "cancelled", "repair"],
)
def test_a_rollback_leaves_what_a_failed_deployment_left(third: Deployment, goes_to: str) -> None:
    """What runs now may be of a deployment that failed; then the last good one is what to go back to."""
    done = replace(LATER, outcome=Outcome.DEPLOYED)

    assert before_what_runs([third, done, ENDED]) == goes_to


def test_without_an_earlier_deployment_there_is_nothing_to_go_back_to() -> None:
    for known in ([ENDED], [ENDED, replace(ENDED, identity=THIRD.identity)]):
        with pytest.raises(UsageError, match="nothing was deployed before what runs now"):
            before_what_runs(known)
    with pytest.raises(UsageError, match="nothing was deployed yet"):
        before_what_runs([])


def test_a_second_rollback_goes_on_to_what_was_before(place: Workspace) -> None:
    """It went forward again, to the very commit that the first one undid."""
    second = replace(LATER, outcome=Outcome.DEPLOYED)
    third = replace(THIRD, outcome=Outcome.DEPLOYED)
    back = replace(third, identity="20261122T150000Z-abcdef", purpose="rollback", commit=SECOND)

    assert before_what_runs([back, third, second, ENDED]) == FIRST
    assert before_what_runs([replace(back, commit=FIRST), third, ENDED, second]) == SECOND
    with pytest.raises(UsageError):
        before_what_runs([replace(back, commit=FIRST), second, ENDED])
    # Deployed anew, it is again what runs after the first.
    assert before_what_runs([replace(third, identity="20261122T160000Z-abcdef"), back, third, second]) == SECOND
