"""Which of its files tells how a deployment stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stems.model.record import begin_name, end_name, last_of_each
from stems.tools.git.ledger import check_name

ONE, TWO = "20261122T120000Z-abcdef", "20261122T130000Z-fedcba"
WHEN = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
EARLY = end_name(ONE, WHEN, "ffffff", known=[begin_name(ONE)])
LATE = end_name(ONE, WHEN - timedelta(hours=1), "000000", known=[EARLY])


def test_an_end_that_knows_of_another_counts_whatever_the_clocks_say() -> None:
    assert last_of_each([LATE, begin_name(ONE), EARLY]) == {ONE: LATE}


def test_of_ends_that_do_not_know_of_one_another_the_later_counts() -> None:
    other = end_name(ONE, WHEN + timedelta(seconds=1), "000000", known=[begin_name(ONE)])

    assert last_of_each([other, EARLY]) == {ONE: other}


def test_an_end_without_a_number_is_readable_and_the_oldest() -> None:
    old = f"deployments/{ONE}-end.json"

    assert last_of_each([old, begin_name(ONE)]) == {ONE: old}
    assert last_of_each([EARLY, old, begin_name(ONE)]) == {ONE: EARLY}


def test_the_newest_deployment_is_first() -> None:
    assert list(last_of_each([EARLY, begin_name(TWO), begin_name(ONE)])) == [TWO, ONE]


def test_other_names_are_left_out() -> None:
    names = ["deployments/1.json", f"plans/{ONE}-begin.json", f"deployments/{ONE}-end-x.json"]

    assert last_of_each(names) == {}


def test_every_name_is_one_for_the_ledger() -> None:
    assert [check_name(name) for name in (begin_name(ONE), EARLY)] == [begin_name(ONE), EARLY]
