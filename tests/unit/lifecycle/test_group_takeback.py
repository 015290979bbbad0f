"""What becomes of the group steps of a failed deployment, and when a node's result is written that waits for one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stems.infrastructure.command import Result
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.rollout.failure import after_failure
from stems.lifecycle.rollout.group_takeback import begun_steps, with_earlier_steps
from stems.lifecycle.workspace import Workspace
from stems.model.change import Group, Risk, Undo
from stems.model.cluster import OnFailure
from stems.model.deployment import Outcome
from tests.support.builders import SECOND, change, node_plan, plan, run, workspace
from tests.support.fake import FakeRunner, Said
from tests.unit.lifecycle.test_takeback import SH, quiet

NAMES = ("crtr", "drtr", "prtr")
TOLD = change("prtr", "task:Tell on localhost", risk=Risk.UNKNOWN, undo=Undo.NO, group=Group.LAST)
MOVED = change("drtr", "task:Move on localhost", risk=Risk.UNKNOWN, undo=Undo.NO, group=Group.FIRST)
RELOADED = change("prtr", "task:reload", risk=Risk.UNKNOWN, undo=Undo.NO)
WANTED = plan(node_plan("prtr", TOLD, RELOADED), node_plan("drtr", MOVED), node_plan("crtr"))


def place(folder: Path, said: Said = quiet) -> Workspace:
    return replace(workspace(folder), local=FakeRunner({SH: said}, "this machine"))


def there() -> dict[str, NodeRunner]:
    return {name: FakeRunner({SH: quiet}, name) for name in NAMES}


def test_only_steps_that_were_begun_count(tmp_path: Path) -> None:
    made, _ = run(workspace(tmp_path), WANTED, there(), outcomes={})
    assert begun_steps(made, WANTED.nodes) == []

    made.begun["drtr"] = {("system", "ansible", "first")}
    assert begun_steps(made, WANTED.nodes) == [Group.FIRST]
    made.begun["prtr"] = {("system", "ansible", ""), ("system", "ansible", "last")}
    assert begun_steps(made, WANTED.nodes) == [Group.LAST, Group.FIRST], "backwards"


def test_steps_of_an_earlier_commit_are_repeated_and_not_those_of_the_one_that_failed(tmp_path: Path) -> None:
    nodes = tuple(
        replace(node, deployed=commit)
        for node, commit in zip(WANTED.nodes, (SECOND, SECOND, WANTED.commit), strict=True)
    )
    made, _ = run(workspace(tmp_path), replace(WANTED, nodes=nodes), there(), outcomes={})
    assert with_earlier_steps(made, nodes) == {}, "none was begun"

    made.begun["prtr"] = {("system", "ansible", "last")}
    assert with_earlier_steps(made, nodes) == {SECOND: [nodes[0], nodes[1]]}
    assert with_earlier_steps(made, nodes[2:]) == with_earlier_steps(made, WANTED.nodes) == {}


def test_what_acted_elsewhere_is_named_and_nobody_says_that_nothing_is_left(tmp_path: Path) -> None:
    outcomes = {"prtr": Outcome.RUNNING, "drtr": Outcome.DEPLOYED}
    made, _ = run(place(tmp_path), WANTED, there(), outcomes=outcomes)
    made.begun["prtr"] = {("system", "ansible", "last")}
    failure = after_failure(made, "what comes after the last node failed", None)

    assert failure.outcome is Outcome.TAKEN_BACK
    assert failure.error.said == "prtr: may have run, and cannot be undone: task:Tell on localhost"
    assert failure.error.remedy.endswith("nothing else of this deployment is left")


def test_nothing_is_taken_back_while_a_step_may_still_run_on_this_machine(tmp_path: Path) -> None:
    outcomes = {"prtr": Outcome.RUNNING, "drtr": Outcome.DEPLOYED}
    made, _ = run(place(tmp_path, Result(0, b"not an answer")), WANTED, there(), outcomes=outcomes)
    made.begun["prtr"] = {("system", "ansible", "last")}
    failure = after_failure(made, "interrupted", None)

    assert failure.outcome is Outcome.TAKING_BACK_FAILED
    assert "prtr: this machine: cannot say what still runs there" in failure.error.said
    assert (made.outcomes["drtr"], list(made.restless)) == (Outcome.TAKEN_BACK, ["prtr"])


def test_a_node_that_stays_deployed_has_its_result_although_the_last_step_did_not_come(tmp_path: Path) -> None:
    runners = there()
    outcomes = {"prtr": Outcome.DEPLOYED, "drtr": Outcome.RUNNING}
    made, _ = run(workspace(tmp_path), WANTED, runners, outcomes=outcomes, on_failure=OnFailure.STOP)
    after_failure(made, "drtr: not healthy", None)
    fake = runners["prtr"]

    assert isinstance(fake, FakeRunner)
    assert [b'"outcome":"deployed"' in command.stdin for command in fake.ran] == [True]
