"""What a failed deployment did and cannot undo is named; that nothing is left is said only where that is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import StemsError, ToolError
from stems.lifecycle.rollout.failure import end_failed
from stems.lifecycle.rollout.not_undone import not_undone
from stems.lifecycle.run import Run
from stems.model.change import Change, Domain, Risk, Undo
from stems.model.deployment import Outcome
from tests.support.builders import change, node_plan, plan, run, workspace
from tests.unit.lifecycle.test_takeback import there

SYSTEM, SERVICES = ("system", "ansible", ""), ("services", "compose", "")
CAUSE = ToolError("drtr: not healthy", said="\n".join(f"line {number}" for number in range(10)))


def parts(name: str) -> tuple[Change, ...]:
    """A file that is put back, a task that is not, a new volume and a service whose data stays by another rule."""
    return (
        change(name, "file:/etc/motd"),
        change(name, "task:Mark", action="run", risk=Risk.UNKNOWN, undo=Undo.NO),
        change(name, "volume:web_data", domain=Domain.SERVICES, tool="compose", action="create"),
    )


def made(folder: Path, *changes: Change, begun: bool = True) -> Run:
    names = ("prtr", "drtr")
    every = changes or (*parts("prtr"), *parts("drtr"))
    wanted = plan(*(node_plan(name, *(each for each in every if each.node == name)) for name in (*names, "crtr")))
    outcomes = {"prtr": Outcome.DEPLOYED, "drtr": Outcome.RUNNING}
    under_way, _ = run(workspace(folder), wanted, there(), outcomes=outcomes)
    if begun:
        under_way.begun.update({name: {SYSTEM, SERVICES} for name in names})
        under_way.done.update({"prtr": {SYSTEM, SERVICES}, "drtr": {SYSTEM}})
    return under_way


def test_what_ran_is_told_from_what_may_have_run_and_nodes_with_the_same_stand_together(tmp_path: Path) -> None:
    under_way = made(tmp_path)
    assert not_undone(under_way, under_way.nodes) == (
        "prtr, drtr: ran, and cannot be undone: task:Mark",
        "prtr: was created, and stays: volume:web_data",
        "drtr: may have been created, and stays: volume:web_data",
    )


def test_what_was_not_begun_is_not_there(tmp_path: Path) -> None:
    under_way = made(tmp_path, begun=False)
    assert not_undone(under_way, under_way.nodes) == ()


def test_more_than_fits_on_a_line_is_counted(tmp_path: Path) -> None:
    many = [change("prtr", f"package:p{number}", undo=Undo.NO) for number in range(8)]
    under_way = made(tmp_path, *many)
    (line,) = not_undone(under_way, under_way.nodes)

    assert line.endswith("package:p4, package:p5 and 2 more")


@pytest.mark.parametrize("cause", [CAUSE, None])
def test_the_message_names_them_after_all_that_the_cause_said(tmp_path: Path, cause: StemsError | None) -> None:
    error = end_failed(made(tmp_path), "drtr: not healthy" if cause else "interrupted", cause)

    assert error.exit_code == (8 if cause else 130)
    assert error.said.splitlines()[-3:][0] == "drtr, prtr: ran, and cannot be undone: task:Mark"
    assert error.remedy.endswith("nothing else of this deployment is left")
    assert len(error.said.splitlines()) == (13 if cause else 3)


def test_that_nothing_is_left_is_said_where_that_is_so(tmp_path: Path) -> None:
    error = end_failed(made(tmp_path, change("prtr", "file:/etc/motd")), "drtr: not healthy", CAUSE)

    assert error.remedy.endswith("; nothing of this deployment is left")
