"""A plan for a commit that did not last says so."""

from __future__ import annotations

from dataclasses import replace

from stems.lifecycle.earlier import end_of
from stems.model.deployment import Deployment, Outcome
from tests.support.builders import FIRST, ID, SECOND
from tests.unit.model.test_plan import NOW, PLAN

GOOD = Deployment(ID, PLAN.digest, FIRST, "owner@laptop", "deploy", NOW, Outcome.DEPLOYED, previous={"crtr": ""})
NEXT = replace(GOOD, identity="20261122T130000Z-fedcba", commit=SECOND, previous={"crtr": FIRST})
BACK = replace(GOOD, identity="20261122T140000Z-fedcba", purpose="rollback", commit=FIRST, previous={"crtr": SECOND})


def test_what_was_never_deployed_or_went_well_has_no_end_to_tell() -> None:
    assert end_of([], FIRST) == ""
    assert end_of([GOOD], SECOND) == ""
    assert end_of([NEXT, GOOD], SECOND) == ""
    assert end_of([NEXT, GOOD], FIRST) == "", "an update is no rollback"


def test_a_commit_that_was_taken_back_is_told_with_the_reason() -> None:
    taken = replace(NEXT, outcome=Outcome.TAKEN_BACK, reason="crtr: not healthy after 9 s")

    assert end_of([taken, GOOD], SECOND) == f"was deployed as {taken.identity} and ended taken back: {taken.reason}"


def test_a_commit_that_was_rolled_back_is_told_until_it_is_deployed_again() -> None:
    assert end_of([BACK, NEXT, GOOD], SECOND) == f"was rolled back as {BACK.identity} by owner@laptop"
    assert end_of([BACK, NEXT, GOOD], FIRST) == ""
    again = replace(NEXT, identity="20261122T150000Z-fedcba", previous={"crtr": FIRST})
    assert end_of([again, BACK, NEXT, GOOD], SECOND) == ""
