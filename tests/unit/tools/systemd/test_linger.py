"""A user is made to linger when units of it are declared, and no longer only by whoever made it so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.model.finding import Place
from stems.model.service import Scope, UnitState
from stems.tools.systemd.linger import linger_changes, placed
from stems.tools.systemd.manager import SYSTEM, Manager
from stems.tools.systemd.observe import Seen, parse_seen
from stems.tools.systemd.units import Declared, Unit

UNIT = Unit("web.service", "web", UnitState.RUNNING, enabled=True, is_own=True, place=Place("services/web/web.service"))
SOME = Declared(Manager(Scope.USER, "/home/me"), units=(UNIT,))
NONE = replace(SOME, units=())


@pytest.mark.parametrize(
    ("wanted", "lingers", "noted", "action", "then"),
    [
        (SOME, False, "", "enable", "own"),
        (SOME, False, "found", "enable by hand", "found"),
        (SOME, False, "own", "enable by hand", "own"),
        (SOME, True, "", "", "found"),
        (SOME, True, "own", "", "own"),
        (NONE, True, "own", "disable", ""),
        (NONE, True, "found", "", ""),
        (NONE, False, "own", "", ""),
        (replace(SOME, manager=SYSTEM), False, "", "", ""),
    ],
)
def test_who_makes_a_user_linger(wanted: Declared, lingers: bool, noted: str, action: str, then: str) -> None:  # a case
    seen = Seen(user="me", lingers=lingers, placed_linger=noted)
    found = [f"{change.action}{' by hand' * change.by_hand}" for change in linger_changes("red", wanted, seen)]

    assert found == ([action] if action else [])
    assert placed(wanted, seen, is_approved=bool(found)) == then


def test_what_is_left_alone_is_not_forgotten() -> None:
    assert placed(NONE, Seen(user="me", lingers=True, placed_linger="own"), is_approved=False) == "own"
    assert placed(SOME, Seen(user="me", lingers=False), is_approved=False) == ""


@pytest.mark.parametrize(
    ("output", "seen"),
    [
        ("@user yes me\n@end\n", Seen(user="me", lingers=True)),
        ("@user no me\n@placed linger own\n@end\n", Seen(user="me", placed_linger="own")),
        ("@user no me\n@blocked no manager\n", Seen("no manager", user="me")),
        ("@blocked systemd does not run on the node\n", Seen("systemd does not run on the node")),
    ],
)
def test_what_a_node_says_of_a_user(output: str, seen: Seen) -> None:
    assert parse_seen(output, NONE) == seen


@pytest.mark.parametrize("output", ["@end\n", "@user yes me\n", "@user maybe me\n@end\n", "@user yes a b\n@end\n"])
def test_half_an_answer_is_no_answer(output: str) -> None:
    with pytest.raises(ValueError, match="not"):
        parse_seen(output, NONE)
