"""A plan is one canonical document: its digest changes with anything a person would approve."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from stems.model.change import Change, Domain, Risk, Undo
from stems.model.plan import NodePlan, Plan, Postponed

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

CHANGE = Change(
    node="prtr",
    domain=Domain.SYSTEM,
    tool="ansible",
    resource="file:/etc/motd",
    action="change",
    risk=Risk.SYSTEM,
    before="a" * 64,
    after="b" * 64,
    diff="-old\n+new",
    undo=Undo.BY_BACKUP,
)

PLAN = Plan(
    cluster="colab",
    commit="1" * 40,
    config_commit="2" * 40,
    created=NOW,
    expires=NOW + timedelta(hours=24),
    nodes=(
        NodePlan(
            "prtr", "m" * 32, "", {"ansible": "2.19"}, (CHANGE,), (Postponed(Domain.SERVICES, "compose", "no Docker"),)
        ),
    ),
)


def test_a_plan_survives_its_own_file() -> None:
    again = Plan.from_json(json.loads(PLAN.canonical()))

    assert again == PLAN
    assert again.digest == PLAN.digest


def test_another_before_state_is_another_plan() -> None:
    moved = replace(PLAN, nodes=(replace(PLAN.nodes[0], changes=(replace(CHANGE, before="c" * 64),)),))

    assert moved.digest != PLAN.digest


def test_the_same_change_is_the_same_whatever_its_diff_says() -> None:
    assert replace(CHANGE, diff="other words", note="other note").identity == CHANGE.identity
    assert replace(CHANGE, risk=Risk.UNKNOWN).identity != CHANGE.identity


def test_a_plan_with_nothing_but_postponed_parts_is_not_empty() -> None:
    later = replace(PLAN.nodes[0], changes=())

    assert not replace(PLAN, nodes=(later,)).is_empty
    assert replace(PLAN, nodes=(replace(later, postponed=()),)).is_empty
