"""Edits are made where they fit, and never two at one place."""

from __future__ import annotations

import pytest

from stems.model.edit import Edit, edited


def edit(start: int, before: str, after: str = "", path: str = "a") -> Edit:
    return Edit(path, start, before, after)


def test_edits_are_made_whatever_their_order() -> None:
    edits = (edit(0, "a", "AA"), edit(4, "c", ""), edit(2, "b", "B"))

    assert edited("a b c", edits) == edited("a b c", tuple(reversed(edits))) == "AA B "


@pytest.mark.parametrize(
    ("made", "fits"),
    [
        (edit(2, "b"), True),
        (edit(2, "c"), False),
        (edit(5, "", "x"), True),
        (edit(6, "", "x"), False),
        (edit(-1, ""), False),
    ],
)
def test_an_edit_fits_where_the_text_still_is(made: Edit, fits: bool) -> None:
    assert made.fits("a b c") is fits


@pytest.mark.parametrize(
    ("one", "other", "meets"),
    [
        (edit(0, "abc"), edit(2, "cd"), True),
        (edit(0, "abc"), edit(3, "d"), False),
        (edit(3, "", "x"), edit(3, "", "y"), True),
        (edit(3, "", "x"), edit(3, "d"), True),
        (edit(1, "", "x"), edit(0, "abc"), True),
        (edit(0, "abc"), edit(1, "b", path="other"), False),
    ],
)
def test_edits_of_one_place_meet(one: Edit, other: Edit, meets: bool) -> None:
    assert one.meets(other) is other.meets(one) is meets
