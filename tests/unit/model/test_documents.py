"""What is written to files comes back as it was, and what it is not is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.model.approval import Approval
from stems.model.change import Change, Domain, Group, Risk, Undo
from stems.model.deployment import Deployment, Outcome
from stems.model.observation import Absent, Present, Unknown
from stems.model.plan import Plan
from stems.model.suggestion import did_you_mean, nearest
from tests.unit.model.test_plan import NOW, PLAN

texts = st.text(st.characters(codec="utf-8"), max_size=20)
changes = st.builds(
    Change, texts, st.sampled_from(Domain), texts, texts, texts, st.sampled_from(Risk), texts, texts, texts, texts,
    st.sampled_from(Undo), st.booleans(), texts, texts, st.sampled_from(Group),
)  # fmt: skip


@given(changes)
def test_a_change_survives_its_document(change: Change) -> None:
    assert Change.from_json(json.loads(json.dumps(change.to_json()))) == change


def test_an_approval_survives_its_document() -> None:
    approval = Approval("a" * 64, "größe@laptop", datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2))), "sig")

    assert Approval.from_json(json.loads(json.dumps(approval.to_json()))) == approval


def test_the_texts_of_a_ledger_cannot_steer_a_terminal() -> None:
    hostile, harmless = "a\x1b[2Jb", "a�[2Jb"

    assert Deployment.from_json(told(hostile).to_json()) == told(harmless)
    assert Approval.from_json(Approval("a" * 64, hostile, NOW).to_json()).who == harmless


def told(text: str) -> Deployment:
    nodes, previous = {text: Outcome.DEPLOYED}, {text: text}
    return Deployment(text, text, text, text, text, NOW, Outcome.FAILED, None, nodes, previous, text)


@pytest.mark.parametrize("document", [{}, {"schema": "stems.plan/2"}, {"schema": "stems.approval/1"}])
def test_another_document_is_no_plan(document: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"not a stems\.plan/1"):
        Plan.from_json(document)


def test_a_plan_is_the_same_bytes_however_often_it_is_written() -> None:
    again = Plan.from_json(json.loads(PLAN.canonical()))

    assert again.canonical() == PLAN.canonical()
    assert b" " not in PLAN.canonical().replace(b"no Docker", b"")
    assert NOW.astimezone(UTC) == again.created


def test_unknown_is_neither_present_nor_absent() -> None:
    assert not issubclass(Unknown, Present | Absent)


@pytest.mark.parametrize(
    ("word", "near"), [("prt", "prtr"), ("PRTR", "prtr"), ("zzz", ""), ("", ""), ("p" * 10_000, "")]
)
def test_the_nearest_known_name_is_offered(word: str, near: str) -> None:
    assert nearest(word, ["crtr", "prtr"]) == near
    assert did_you_mean(word, ["crtr", "prtr"]) == (f"; did you mean `{near}`?" if near else "")


def test_very_many_names_are_not_compared() -> None:
    assert nearest("prt", map(str, range(100_000))) == ""
