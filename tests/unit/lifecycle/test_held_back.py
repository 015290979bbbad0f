"""What comes after the last node waits for the round in which everything before it was seen whole."""

from __future__ import annotations

from dataclasses import replace

from stems.lifecycle.previewing.held_back import REASON, hold_back_last, without_first
from stems.model.change import Domain, Group, Risk
from stems.model.plan import NodePlan, Postponed
from tests.support.builders import change, node_plan

OWN = change("prtr", "file:/etc/motd")
FIRST = change("prtr", "task:Key on localhost", risk=Risk.UNKNOWN, group=Group.FIRST)
LAST = change("drtr", "file:/etc/pool", group=Group.LAST)
NO_DOCKER = Postponed(Domain.SERVICES, "compose", "Docker is not there")
WAITING = Postponed(Domain.SYSTEM, "ansible", REASON, Group.LAST)
BLOCKED = Postponed(Domain.SYSTEM, "ansible", "not yet previewable", Group.LAST)


def early(node: NodePlan, *parts: Postponed) -> NodePlan:
    return replace(node, postponed=parts)


def test_where_all_is_seen_nothing_waits() -> None:
    plans = (node_plan("prtr", FIRST, OWN), node_plan("drtr", LAST))

    assert hold_back_last(plans) == plans


def test_it_waits_on_all_nodes_for_one_that_is_not_there_yet() -> None:
    plans = (early(node_plan("prtr", FIRST, OWN), NO_DOCKER), node_plan("drtr", LAST))
    prtr, drtr = hold_back_last(plans)

    assert (prtr.changes, prtr.postponed) == ((FIRST, OWN), (NO_DOCKER, WAITING))
    assert (drtr.changes, drtr.postponed, drtr.ends_early) == ((), (WAITING,), False)


def test_where_nothing_comes_after_the_last_node_nothing_is_said() -> None:
    plans = (early(node_plan("prtr", OWN), NO_DOCKER), node_plan("drtr"))

    assert hold_back_last(plans) == plans


def test_what_it_misses_may_come_with_a_node() -> None:
    prtr, drtr = hold_back_last((early(node_plan("prtr", OWN), BLOCKED), early(node_plan("drtr", LAST), BLOCKED)))

    assert (prtr.changes, drtr.changes) == ((OWN,), ())
    assert prtr.postponed == drtr.postponed == (WAITING,)


def test_a_further_round_does_not_repeat_what_only_runs_before_the_first_node() -> None:
    plans = (node_plan("prtr", FIRST, OWN), node_plan("drtr", LAST))
    assert without_first(plans) == (node_plan("prtr", OWN), plans[1])

    seen = replace(OWN, group=Group.FIRST)
    for left in (
        (node_plan("prtr", FIRST, seen),),
        (early(node_plan("prtr", FIRST), replace(BLOCKED, group=Group.FIRST)),),
    ):
        assert without_first(left) == left


def test_what_only_it_can_bring_is_done_as_far_as_it_is_seen() -> None:
    """A command of a node says nothing of what it brings, and is planned anew in every round."""
    plans = (early(node_plan("prtr", FIRST), BLOCKED), early(node_plan("drtr", LAST), BLOCKED))

    assert hold_back_last(plans) == plans
