"""What a plan shows of a change: enough to judge it by."""

from __future__ import annotations

import pytest

from stems.cli.render.plan import change_lines
from stems.model.change import Change, Domain, Risk

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
