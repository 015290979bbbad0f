"""What a failed deployment takes back, in which order, and what it says where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import NodeUnreachableError, TakenBackError, TakingBackFailedError
from stems.infrastructure.command import Result
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.deploy import after_failure
from stems.lifecycle.takeback import keeps_migrated_data, to_take_back, touched
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
    return {name: FakeRunner({SH: error if name in gone else Result(0)}, name) for name in names}


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


def test_a_service_whose_data_another_image_wrote_stays() -> None:
    migrated = change("prtr", "container:db", domain=Domain.SERVICES, undo=Undo.NO)

    assert keeps_migrated_data(node_plan("prtr", migrated))
    assert not keeps_migrated_data(node_plan("prtr", change("prtr", "task:reload", undo=Undo.NO)))


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
    assert [b'"outcome":"failed"' in command.stdin for command in fake.ran] == [True]


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
