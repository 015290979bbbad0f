"""Saved plans are private files that prove by their digest that nobody altered them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import ApprovalError, UsageError
from stems.lifecycle.store import Store
from stems.model.approval import Approval
from tests.unit.model.test_plan import NOW, PLAN


def test_a_plan_is_found_by_the_beginning_of_its_digest(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save_plan(PLAN)

    assert store.plan(PLAN.digest[:12]) == PLAN
    assert next(tmp_path.rglob("*.json")).stat().st_mode & 0o077 == 0


def test_a_tampered_plan_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.save_plan(PLAN)
    path = next(tmp_path.rglob("*.json"))
    path.write_bytes(path.read_bytes().replace(b"file:/etc/motd", b"file:/etc/hosts"))

    with pytest.raises(ApprovalError, match="was altered"):
        store.plan(PLAN.digest)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\xfe", b"[1]", b'{"schema": "stems.plan/1"}'])
def test_a_plan_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    store = Store(tmp_path)
    store.save_plan(PLAN)
    next(tmp_path.rglob("*.json")).write_bytes(content)

    with pytest.raises(ApprovalError):
        store.plan(PLAN.digest)


@pytest.mark.parametrize("word", ["", "abc", "--output", "../../etc", "zzzzzz", "a" * 65])
def test_what_is_no_digest_is_wrong_usage(tmp_path: Path, word: str) -> None:
    with pytest.raises(UsageError):
        Store(tmp_path).plan(word)


def test_an_ambiguous_digest_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    for last in "ab":
        (tmp_path / "plans" / f"{'c' * 63}{last}.json").write_text("{}")

    with pytest.raises(UsageError, match="more than one"):
        Store(tmp_path).plan("c" * 12)


def test_an_approval_is_kept_beside_its_plan(tmp_path: Path) -> None:
    store = Store(tmp_path)
    approval = Approval(PLAN.digest, "owner@laptop", NOW)
    store.save_approval(approval)

    assert store.approval(PLAN.digest) == approval
    assert store.approval("0" * 64) is None


def test_newest_plans_come_first(tmp_path: Path) -> None:
    store = Store(tmp_path)
    later = replace(PLAN, commit="3" * 40)
    store.save_plan(PLAN)
    store.save_plan(later)

    assert [plan.commit for plan in store.plans()] == [later.commit, PLAN.commit]
