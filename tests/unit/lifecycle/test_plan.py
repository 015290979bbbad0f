"""A plan says what is under way on a node, and none is made to be deployed at once where somebody is at work."""

from __future__ import annotations

import pytest

from stems.errors import LockHeldError
from stems.infrastructure.journal import Act
from stems.infrastructure.lock import Held, Lock
from stems.lifecycle.plan import require_free, under_way
from tests.support.builders import ID, entry, observed

HELD = Held("{}", Lock(ID, "owner", "laptop", "deploy", "a" * 64, since="2026-01-01T00:00:00Z"))


def test_a_node_that_somebody_holds_ends_it_with_the_name_of_the_deployment() -> None:
    free, held = observed("drtr"), observed("prtr", held=HELD)
    require_free({"drtr": free})

    with pytest.raises(LockHeldError, match=f"prtr: locked by owner on laptop .*{ID}"):
        require_free({"drtr": free, "prtr": held})


def test_what_is_under_way_is_said_beside_the_plan() -> None:
    assert list(under_way(observed("prtr"))) == []
    (locked,) = under_way(observed("prtr", entry(Act.INTENT), held=HELD))
    assert "locked by owner on laptop (deploy)" in locked
    (begun,) = under_way(observed("prtr", entry(Act.INTENT)))
    assert ID in begun and "--resume" in begun
    (odd,) = under_way(observed("prtr", held=Held("?", None)))
    assert "cannot be read" in odd
