"""Every node is asked and every failure reported; a bug is not hidden as an unknown node."""

from __future__ import annotations

import threading

import pytest

from stems.errors import NodeUnreachableError, StemsError
from stems.infrastructure.parallel import ask_each
from stems.model.observation import Absent, Present, Unknown

GONE = NodeUnreachableError("drtr: gone")


def answer(name: str) -> str:
    if name == "drtr":
        raise GONE
    return name.upper()


def test_one_that_fails_does_not_keep_the_others_from_answering() -> None:
    assert ask_each(["prtr", "drtr", "crtr"], answer) == {
        "prtr": Present("PRTR"),
        "drtr": Unknown(GONE),
        "crtr": Present("CRTR"),
    }


def test_the_only_one_and_none_are_answered_too() -> None:
    assert ask_each(["drtr"], answer) == {"drtr": Unknown(GONE)}
    assert ask_each([], answer) == {}


def test_all_are_asked_at_once() -> None:
    together = threading.Barrier(3, timeout=10)

    assert len(ask_each("abc", lambda name: together.wait())) == 3


def test_a_bug_is_no_unknown_node() -> None:
    with pytest.raises(ZeroDivisionError):
        ask_each("ab", lambda name: 1 / 0)


def test_unknown_says_why_and_is_never_absent() -> None:
    unknown = Unknown(StemsError("prtr: no answer", remedy="look"))

    assert unknown.reason == "prtr: no answer"
    assert not isinstance(unknown, Absent | Present)
