"""What needs a person, and what is still what that person approved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.errors import ApprovalError, ToolError
from stems.lifecycle.gates import awaiting_approval, difference, require_same, require_supervision
from stems.model.change import Risk
from stems.model.cluster import Cluster, Gates
from stems.model.node import Node, Privilege, SshAddress
from tests.unit.model.test_plan import CHANGE, PLAN


def test_a_class_that_nobody_listed_is_manual() -> None:
    gates = Gates(automatic=frozenset({Risk.SYSTEM}))

    assert awaiting_approval(PLAN, gates) == ()
    assert awaiting_approval(PLAN, Gates()) == (CHANGE,)


def test_the_same_changes_with_other_diffs_are_the_same() -> None:
    assert not difference([CHANGE], [replace(CHANGE, diff="", note="seen again")])


@pytest.mark.parametrize(
    "moved",
    [replace(CHANGE, before="c" * 64), replace(CHANGE, after="c" * 64), replace(CHANGE, action="create")],
    ids=["before", "after", "action"],
)
def test_a_change_that_moved_stops_the_deployment(moved: object) -> None:
    with pytest.raises(ApprovalError, match="the nodes moved"):
        require_same([CHANGE], [moved], when="now")  # type: ignore[list-item]  # parametrize knows no types


def test_a_change_that_vanished_stops_the_deployment() -> None:
    with pytest.raises(ApprovalError) as stopped:
        require_same([CHANGE], [], when="now")

    assert "is no longer there" in stopped.value.said


def test_what_could_cut_the_way_in_needs_root_for_its_supervisor() -> None:
    cutting = replace(PLAN, nodes=(replace(PLAN.nodes[0], changes=(replace(CHANGE, risk=Risk.NETWORK),)),))
    node = Node(CHANGE.node, CHANGE.node, SshAddress("127.0.0.1"))
    reached = Cluster("colab", "~/colab", {node.name: node})
    without_root = replace(reached, nodes={node.name: replace(node, privilege=Privilege.NONE)})

    require_supervision(cutting, reached)
    require_supervision(PLAN, without_root)
    with pytest.raises(ToolError, match="could cut the way in"):
        require_supervision(cutting, without_root)


def test_what_was_approved_once_is_not_approved_twice() -> None:
    found = difference([CHANGE], [CHANGE, CHANGE])

    assert (found.appeared, found.gone) == ((CHANGE,), ())


def test_a_resource_that_moved_is_told_once_and_why() -> None:
    edited = difference([CHANGE], [replace(CHANGE, before="c" * 64)]).lines()
    gone_and_new = difference([CHANGE], [replace(CHANGE, resource="file:/etc/hosts")]).lines()

    assert edited == ["prtr: change file:/etc/motd was approved, but what is there was changed since"]
    assert gone_and_new == [
        "prtr: change file:/etc/hosts was not approved",
        "prtr: change file:/etc/motd is no longer there",
    ]
