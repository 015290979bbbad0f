"""What a plan shows of a change: enough to judge it by."""

from __future__ import annotations

import click
import pytest

from stems.cli.commands.plan import plan_document
from stems.cli.render.plan import change_lines, render_saved, render_stays
from stems.lifecycle.plan import Planned
from stems.model.change import Change, Domain, Risk
from stems.model.cluster import Gates
from stems.model.remnant import Remnant, Remnants
from tests.support.builders import ID, node_plan, plan

DIFF = "--- a\n+++ a\n@@ -0,0 +1,1 @@\n+text\n"


@pytest.mark.parametrize(
    ("risk", "before", "is_shown"),
    [
        (Risk.USER, "", False),
        (Risk.USER, "0" * 64, True),
        (Risk.UNKNOWN, "", True),
    ],
)
def test_the_text_of_what_is_new_is_shown_where_nobody_can_predict_what_it_does(
    risk: Risk, before: str, is_shown: bool
) -> None:
    change = Change("red", Domain.USER, "chezmoi", "script:a.sh", "run", risk, before=before, diff=DIFF)
    lines = list(change_lines([change], full_diff=False))

    assert any("+text" in line for line in lines) is is_shown


def test_what_stays_is_in_the_plan_its_document_and_the_end() -> None:
    remnant = Remnant("prtr", "file:/etc/a", "create", ID, is_sure=False)
    stays = {"prtr": Remnants((remnant,), ("the plan of X is not in the ledger",))}
    wanted = plan(node_plan("prtr"), node_plan("drtr"))
    shown = [click.unstyle(line) for line in render_saved(wanted, Gates(), subject="", full_diff=False, stays=stays)]
    told = [f"! {remnant}", "! what else stays is not known: the plan of X is not in the ledger"]

    assert [line.strip() for line in shown if "stay" in line] == told
    assert [click.unstyle(line) for line in render_stays(stays)] == [f"prtr  {line}" for line in told]
    assert plan_document(Planned(wanted, stays=stays), Gates())["stays"] == {
        "prtr": {
            "found": [
                {
                    "resource": "file:/etc/a", "action": "create", "deployment": ID, "is_sure": False,
                    "text": str(remnant),
                }
            ],
            "not_known": ["the plan of X is not in the ledger"],
        }
    }  # fmt: skip
