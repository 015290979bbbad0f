"""What is unknown now takes nothing away from what was known."""

from __future__ import annotations

from stems.model.truth import UNKNOWN, Truth

BEFORE = Truth("gate", cpus=4, docker="27.1", containers=(), users=UNKNOWN)


def test_what_was_known_stays() -> None:
    now = Truth("gate", cpus=8, docker=UNKNOWN, containers=UNKNOWN, users=UNKNOWN)

    assert now.unseen(BEFORE) == ("docker", "containers")
    assert now.keeping(BEFORE) == Truth("gate", cpus=8, docker="27.1", containers=(), users=UNKNOWN)


def test_none_of_something_is_known() -> None:
    now = Truth("gate", cpus=4, docker=None, containers=(), users=())

    assert now.unseen(BEFORE) == ()
    assert now.keeping(BEFORE) == now
