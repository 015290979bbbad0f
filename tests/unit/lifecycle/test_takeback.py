"""What a failed deployment takes back, in which order, and what it says where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import (
    ApprovalError,
    ExitCode,
    NodeUnreachableError,
    StemsError,
    TakenBackError,
    TakingBackFailedError,
    ToolError,
)
from stems.infrastructure.command import Command, Result
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.rollout.failure import after_failure, end_failed
from stems.lifecycle.rollout.takeback import lasting, to_take_back, touched
from stems.model.change import Domain, Undo
from stems.model.cluster import OnFailure
from stems.model.deployment import Outcome
from tests.support.builders import change, node_plan, plan, run, workspace
from tests.support.fake import FakeRunner

SH = ("/bin/sh", "-s")
WANTED = plan(*(node_plan(name, change(name, "file:/etc/motd")) for name in ("crtr", "drtr", "prtr")))
SECOND_FAILED = {"prtr": Outcome.DEPLOYED, "drtr": Outcome.RUNNING}
SECOND_NOT_REACHED = {"prtr": Outcome.DEPLOYED}


def there(*gone: str) -> dict[str, NodeRunner]:
    """Nodes whose journal can be written, but for those that are gone."""
    error = NodeUnreachableError("it does not answer")
    names = ("crtr", "drtr", "prtr")
    return {name: FakeRunner({SH: error if name in gone else quiet}, name) for name in names}


def quiet(command: Command) -> Result:
    """A node on which nothing of the deployment runs any more."""
    return Result(0, b"end\n" if b"variable=" in command.stdin else b"")


def taken(folder: Path, outcomes: dict[str, Outcome], policy: OnFailure) -> list[str]:
    made, _ = run(workspace(folder), WANTED, there(), outcomes=outcomes, on_failure=policy)
    return [each.node for each in to_take_back(made)]


def test_only_touched_nodes_count_and_the_last_one_is_first(tmp_path: Path) -> None:
    outcomes = {"prtr": Outcome.DEPLOYED, "drtr": Outcome.UNCHANGED, "crtr": Outcome.RUNNING}
    made, _ = run(workspace(tmp_path), WANTED, there(), outcomes=outcomes)

    assert [each.node for each in touched(made)] == ["crtr", "prtr"]


@pytest.mark.parametrize(
    ("policy", "outcomes", "nodes"),
    [
        (OnFailure.REVERT, SECOND_FAILED, ["drtr", "prtr"]),
        (OnFailure.REVERT, SECOND_NOT_REACHED, ["prtr"]),
        (OnFailure.REVERT_NODE, SECOND_FAILED, ["drtr"]),
        (OnFailure.REVERT_NODE, SECOND_NOT_REACHED, []),
        (OnFailure.STOP, SECOND_FAILED, []),
    ],
)
def test_the_policy_says_which_are_taken_back(
    tmp_path: Path, policy: OnFailure, outcomes: dict[str, Outcome], nodes: list[str]
) -> None:
    assert taken(tmp_path, outcomes, policy) == nodes


MIGRATED = change("prtr", "container:db", domain=Domain.SERVICES, tool="compose", undo=Undo.NO, note="it keeps data")
RELOAD = change("prtr", "task:reload", undo=Undo.NO)


def test_a_service_whose_data_another_image_wrote_stays(tmp_path: Path) -> None:
    made, _ = run(workspace(tmp_path), plan(node_plan("prtr", MIGRATED, RELOAD)), there(), outcomes={})
    node = made.plan.of_node("prtr")

    assert lasting(made, node) == ()
    made.begun["prtr"] = {("system", "ansible", "")}
    assert lasting(made, node) == (), "what was not begun is not there"
    made.begun["prtr"].add(("services", "compose", ""))
    assert lasting(made, node) == (MIGRATED,)


def test_what_stays_is_named_with_its_reason(tmp_path: Path) -> None:
    outcomes = {"prtr": Outcome.RUNNING}
    made, _ = run(workspace(tmp_path), plan(node_plan("prtr", MIGRATED)), there(), outcomes=outcomes)
    made.begun["prtr"] = {("services", "compose", "")}
    failure = after_failure(made, "prtr: not healthy", None)

    assert isinstance(failure.error, TakingBackFailedError)
    assert failure.error.said == "prtr: container:db is not put back: it keeps data"


def test_all_taken_back_is_said_with_the_nodes(tmp_path: Path) -> None:
    made, _ = run(workspace(tmp_path), WANTED, there(), outcomes=SECOND_FAILED)
    failure = after_failure(made, "drtr: not healthy", None)

    assert isinstance(failure.error, TakenBackError)
    assert failure.error.problem == "drtr: not healthy; taken back on drtr, prtr"
    assert made.outcomes == {
        "prtr": Outcome.TAKEN_BACK, "drtr": Outcome.TAKEN_BACK, "crtr": Outcome.NOT_REACHED,
    }  # fmt: skip


def test_a_node_that_went_away_does_not_keep_the_others_from_being_taken_back(tmp_path: Path) -> None:
    made, _ = run(workspace(tmp_path), WANTED, there("drtr"), outcomes=SECOND_FAILED)
    failure = after_failure(made, "drtr: gone", None)

    assert isinstance(failure.error, TakingBackFailedError)
    assert made.outcomes["prtr"] is Outcome.TAKEN_BACK
    assert made.outcomes["drtr"] is Outcome.TAKING_BACK_FAILED


def test_where_it_stops_the_failed_node_is_named_and_nobody_says_that_nothing_was_applied(tmp_path: Path) -> None:
    made, _ = run(workspace(tmp_path), WANTED, there(), outcomes=SECOND_FAILED, on_failure=OnFailure.STOP)
    failure = after_failure(made, "drtr: not healthy", None)

    assert failure.outcome is Outcome.FAILED
    assert failure.error.problem == "drtr: not healthy"
    assert "drtr stays as it is" in failure.error.remedy and "`rollout.on_failure` is stop" in failure.error.remedy
    assert made.outcomes == {"prtr": Outcome.DEPLOYED, "drtr": Outcome.FAILED, "crtr": Outcome.NOT_REACHED}


def test_a_node_that_stays_as_it_is_has_its_result_in_the_journal(tmp_path: Path) -> None:
    runners = there()
    made, _ = run(workspace(tmp_path), WANTED, runners, outcomes=SECOND_FAILED, on_failure=OnFailure.STOP)
    after_failure(made, "drtr: not healthy", None)
    fake = runners["drtr"]

    assert isinstance(fake, FakeRunner)
    assert [b'"outcome":"failed"' in command.stdin for command in fake.ran if b"variable=" not in command.stdin] == [
        True
    ]


def test_what_was_deployed_before_the_failure_stays_where_only_the_node_is_taken_back(tmp_path: Path) -> None:
    made, _ = run(workspace(tmp_path), WANTED, there(), outcomes=SECOND_NOT_REACHED, on_failure=OnFailure.REVERT_NODE)
    failure = after_failure(made, "drtr: another machine answers", None)

    assert failure.outcome is Outcome.FAILED
    assert failure.error.problem == "drtr: another machine answers"
    assert "prtr" in failure.error.remedy
    assert made.outcomes["prtr"] is Outcome.DEPLOYED


def test_before_anything_was_applied_nothing_is_taken_back(tmp_path: Path) -> None:
    made, _ = run(workspace(tmp_path), WANTED, there(), outcomes={})
    failure = after_failure(made, "prtr: another machine answers", None)

    assert failure.error.problem == "prtr: another machine answers; nothing was applied"
    assert set(made.outcomes.values()) == {Outcome.NOT_REACHED}


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (NodeUnreachableError("drtr: no answer", ran="ssh drtr", remedy="see its power"), ExitCode.UNKNOWN),
        (ApprovalError("drtr: changed since", remedy="see its power"), ExitCode.APPROVAL),
        (ToolError("drtr: no such image", remedy="see its power"), ExitCode.FAILED),
    ],
)
def test_before_anything_was_applied_the_exit_code_is_that_of_the_cause(
    tmp_path: Path, cause: StemsError, code: ExitCode
) -> None:
    """A node gone silent is 7, one that was changed since is 5: both were 1."""
    made, _ = run(workspace(tmp_path), WANTED, there(), outcomes={})
    error = end_failed(made, cause.problem, cause)

    assert (type(error), error.exit_code) == (type(cause), code)
    assert error.problem == f"{cause.problem}; nothing was applied"
    assert (error.ran, error.remedy) == (cause.ran, "see its power")


def test_where_only_the_failed_node_is_taken_back_nobody_says_that_nothing_is_left(tmp_path: Path) -> None:
    made, _ = run(workspace(tmp_path), WANTED, there(), outcomes=SECOND_FAILED, on_failure=OnFailure.REVERT_NODE)
    failure = after_failure(made, "drtr: not healthy", None)

    assert failure.outcome is Outcome.FAILED
    assert isinstance(failure.error, ToolError), "exit 8 would say that every touched node was taken back"
    assert failure.error.problem == "drtr: not healthy; taken back on drtr"
    assert "prtr stays deployed" in failure.error.remedy
    assert made.outcomes["drtr"] is Outcome.TAKEN_BACK


def test_nothing_is_taken_back_while_an_act_may_still_run_there(tmp_path: Path) -> None:
    """A connection ends sooner than what it started: the node stays as it is, unfinished and locked."""
    runners = there()
    runners["drtr"] = FakeRunner({SH: lambda command: Result(0, b"not an answer")}, "drtr")
    made, _ = run(workspace(tmp_path), WANTED, runners, outcomes=SECOND_FAILED)
    failure = after_failure(made, "drtr: no end within 900 s", None)

    assert isinstance(failure.error, TakingBackFailedError)
    assert "drtr: drtr: cannot say what still runs there" in failure.error.said
    assert list(made.restless) == ["drtr"]
    assert made.outcomes["prtr"] is Outcome.TAKEN_BACK
    fake = runners["drtr"]
    assert isinstance(fake, FakeRunner)
    assert all(b"variable=" in command.stdin for command in fake.ran), "nothing was done and nothing written there"


def test_a_node_that_had_nothing_to_change_runs_its_earlier_commit_again(tmp_path: Path) -> None:
    runners = there()
    outcomes = {"crtr": Outcome.UNCHANGED, "drtr": Outcome.RUNNING}
    made, _ = run(workspace(tmp_path), WANTED, runners, outcomes=outcomes)
    after_failure(made, "drtr: not healthy", None)
    fake = runners["crtr"]

    assert isinstance(fake, FakeRunner)
    assert [b'"outcome":"taken back"' in command.stdin for command in fake.ran] == [True]


@pytest.mark.parametrize(("gone", "code"), [((), 130), (("drtr",), 9)])
def test_an_interrupted_deployment_says_what_became_of_its_nodes(
    tmp_path: Path, gone: tuple[str, ...], code: int
) -> None:
    made, _ = run(workspace(tmp_path), WANTED, there(*gone), outcomes=SECOND_FAILED)
    error = end_failed(made, "interrupted", None)

    assert error.exit_code == code
    assert error.problem.startswith("interrupted; ")
