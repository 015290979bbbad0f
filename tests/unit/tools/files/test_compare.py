"""A hand edit, a pending change and a conflict are told apart by what stems last wrote."""

from __future__ import annotations

import pytest

from stems.model.finding import Place
from stems.tools.files.compare import ADOPTED, CONFLICT, NOT_OURS, Difference, compare, recorded
from stems.tools.files.observe import Observation
from stems.tools.files.render import Entry
from stems.tools.files.state import ABSENT, Kind, State, sha256

A, B, C = (State(Kind.FILE, "644", sha256(text)) for text in (b"a", b"b", b"c"))
A_PRIVATE = State(Kind.FILE, "600", A.sha)
LINK = State(Kind.LINK, sha=sha256(b"x"))
DIR = State(Kind.DIR)
DIR_755 = State(Kind.DIR, "755")
DIR_700 = State(Kind.DIR, "700")
FOUND_700 = State(Kind.FOUND, "700")


def entry(state: State) -> Entry:
    return Entry(state, b"", Place("dotfiles/x"))


def only(target: State | None, last: State | None, actual: State) -> Difference | None:
    entries = {"x": entry(target)} if target else {}
    found = compare(entries, Observation({"x": actual}, {"x": last} if last else {}, held={"x": 0}))
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("target", "last", "actual"),
    [
        (A, A, A),
        (A, None, A),
        (None, A, ABSENT),
        (DIR, None, DIR_700),
        (DIR, DIR, DIR_700),
        (DIR_700, FOUND_700, DIR_700),
        (None, FOUND_700, DIR_700),
        (None, DIR, ABSENT),
        (None, DIR, A),
    ],
)
def test_nothing_to_do(target: State | None, last: State | None, actual: State) -> None:
    assert only(target, last, actual) is None


@pytest.mark.parametrize(
    ("target", "last", "actual", "action"),
    [
        (A, None, ABSENT, "create"),
        (B, A, A, "change"),
        (A, A_PRIVATE, A_PRIVATE, "mode"),
        (LINK, A, A, "replace"),
        (None, A, A, "remove"),
        (None, LINK, LINK, "remove"),
        (None, DIR, DIR_755, "remove"),
        (DIR, None, ABSENT, "create"),
        (DIR_700, None, DIR_755, "mode"),
    ],
)
def test_pending(target: State | None, last: State | None, actual: State, action: str) -> None:
    difference = only(target, last, actual)

    assert difference
    assert (difference.action, difference.by_hand, difference.destroys) == (action, False, False)


@pytest.mark.parametrize(
    ("target", "last", "actual", "action", "destroys", "note"),
    [
        (A, A, B, "change", True, ""),
        (A, A, ABSENT, "create", False, ""),
        (A, A, LINK, "replace", True, ""),
        (A, A, A_PRIVATE, "mode", False, "mode 600 becomes 644"),
        (DIR_700, DIR_700, DIR_755, "mode", False, "mode 755 becomes 700"),
        (A, B, C, "change", True, CONFLICT),
        (A, B, A, "adopt", False, ADOPTED),
        (LINK, A, LINK, "adopt", False, ADOPTED),
        (A, B, ABSENT, "create", False, CONFLICT),
        (None, A, B, "remove", True, CONFLICT),
        (A, None, B, "change", True, NOT_OURS),
        (A, None, DIR_755, "replace", True, NOT_OURS),
        (DIR, None, A, "replace", True, NOT_OURS),
    ],
)
def test_by_hand(
    target: State | None, last: State | None, actual: State, action: str, destroys: bool, note: str
) -> None:
    difference = only(target, last, actual)

    assert difference
    assert (difference.action, difference.by_hand) == (action, True)
    assert (difference.destroys, difference.note) == (destroys, note)


def test_only_directories_that_will_be_empty_are_removed() -> None:
    manifest = {"d": DIR, "d/e": DIR, "d/e/f": A, "k": DIR, "k/f": A}
    states = {"d": DIR_755, "d/e": DIR_755, "d/e/f": A, "k": DIR_755, "k/f": A}
    seen = Observation(states, manifest, held={"d": 1, "d/e": 1, "k": 2})
    removed = compare({}, seen)

    assert [difference.path for difference in removed] == ["d", "d/e", "d/e/f", "k/f"]
    assert recorded({}, seen, removed, done=frozenset(difference.path for difference in removed)) == {"k": DIR}


def test_what_was_not_done_is_still_remembered_as_it_was() -> None:
    entries = {"x": entry(B), "new": entry(A), "d": entry(DIR)}
    seen = Observation({"x": A, "new": ABSENT, "d": ABSENT, "gone": A}, {"x": A, "gone": A})
    differences = compare(entries, seen)

    assert recorded(entries, seen, differences, done=frozenset()) == {"x": A, "gone": A}
    assert recorded(entries, seen, differences, done=frozenset({"x", "new", "d", "gone"})) == {
        "x": B,
        "new": A,
        "d": DIR,
    }


def test_a_directory_that_was_there_is_not_ours_to_remove() -> None:
    entries = {"plain": entry(DIR), "private": entry(DIR_700)}
    seen = Observation({"plain": DIR_755, "private": DIR_755})

    assert recorded(entries, seen, (), done=frozenset()) == {"private": FOUND_700}


def test_a_symlink_to_a_directory_in_the_home_will_do() -> None:
    seen = Observation({"x": LINK}, inside=frozenset({"x"}))

    assert compare({"x": entry(DIR)}, seen) == ()
    assert recorded({"x": entry(DIR)}, seen, (), done=frozenset()) == {}


def test_nothing_is_removed_through_a_symlink_out_of_the_home() -> None:
    seen = Observation({"d": LINK, "d/x": A}, {"d": DIR, "d/x": A}, outside={"d": "/data"})

    assert compare({}, seen) == ()
