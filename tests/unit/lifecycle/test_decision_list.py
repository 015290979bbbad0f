"""A list of decisions gets one more entry, like the others, and keeps the rest."""

from __future__ import annotations

from datetime import date

import pytest

from stems.lifecycle.decision.list import Entry, listed

TWO = Entry("0002", "0002-b.md", "B", date(2026, 1, 2), "accepted")


@pytest.mark.parametrize(
    ("row", "more"),
    [
        ("| [0001](0001-a.md) | A |", "| [0002](0002-b.md) | B |"),
        (
            "| [0001](./0001-a.md) | A, B | Proposed | 2025-12-01 |",
            "| [0002](0002-b.md) | B | accepted | 2026-01-02 |",
        ),
        ("| 2025-12-01 | [A](0001-a.md) |", "| 2025-12-01 | [B](0002-b.md) |"),
        ("| [0001 A](0001-a.md) | x |", "| [0002 B](0002-b.md) | |"),
        ("* [0001 A](0001-a.md)", "* [0002 B](0002-b.md)"),
        ("- [A](0001-a.md)", "- [B](0002-b.md)"),
        ("- [0001](0001-a.md): A", "- [0002](0002-b.md): B"),
        ("- [0001](0001-a.md)", "- [0002](0002-b.md) B"),
    ],
)
def test_an_entry_is_written_like_the_last_one(row: str, more: str) -> None:
    assert listed(f"# Decisions\n\n{row}\n\nThe end\n", TWO) == f"# Decisions\n\n{row}\n{more}\n\nThe end\n"


def test_where_the_newest_comes_first_it_goes_on_top() -> None:
    rows = "* [2 B](2-b.md)\n* [1 A](1-a.md)\n"
    three = Entry("3", "3-c.md", "C", date(2026, 1, 2), "accepted")

    assert listed(rows, three) == "* [3 C](3-c.md)\n" + rows


def test_lines_end_as_the_others_do() -> None:
    assert listed("- [A](0001-a.md)\r\n", TWO) == "- [A](0001-a.md)\r\n- [B](0002-b.md)\r\n"


def test_a_page_that_lists_none_stays_as_it_is() -> None:
    assert listed("# Decisions\n\n- See [the format](format.md)\n", TWO) is None
