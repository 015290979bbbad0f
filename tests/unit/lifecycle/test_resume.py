"""What nodes tell of a deployment whose controller died, and what is left to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.errors import ApprovalError, UsageError
from stems.infrastructure.journal import Act, Part, Unfinished
from stems.infrastructure.lock import Held, Lock
from stems.lifecycle.resume import find_interrupted, may_have_run, outcomes_so_far, remaining
from stems.model.change import ADOPT, Domain, Risk
from stems.model.deployment import Outcome
from stems.model.plan import Postponed
from tests.support.builders import FIRST, ID, change, entry, node_plan, observed, plan
from tests.unit.model.test_plan import PLAN

OTHER = "20261122T130000Z-fedcba"


def held(identity: str = ID) -> Held:
    return Held("token", Lock(id=identity, who="owner", host="laptop", why="deploy", plan=PLAN.digest))


BEGUN = (entry(Act.INTENT), entry(Act.INTENT, domain="system", tool="ansible"))
ENDED = (*BEGUN, entry(Act.DONE, domain="system", tool="ansible"), entry(Act.RESULT, outcome="deployed"))


def test_a_deployment_is_found_by_its_lock_and_by_its_journal() -> None:
    seen = {
        "prtr": observed("prtr", *ENDED, held=held()),
        "drtr": observed("drtr", *BEGUN, held=held()),
        "crtr": observed("crtr", held=held()),
    }
    found = find_interrupted(seen)

    assert (found.identity, found.plan) == (ID, PLAN.digest)
    assert sorted(found.held) == ["crtr", "drtr", "prtr"]
    assert list(found.unfinished) == ["drtr"]
    assert found.finished == {"prtr": "deployed"}
    assert found.begun["drtr"] == {("system", "ansible", "")}


def test_without_a_trace_there_is_nothing_to_resume() -> None:
    with pytest.raises(UsageError, match="nothing to resume"):
        find_interrupted({"prtr": observed("prtr", *ENDED)})


def test_several_must_be_told_apart_by_the_person() -> None:
    seen = {"prtr": observed("prtr", held=held()), "drtr": observed("drtr", held=held(OTHER))}

    with pytest.raises(UsageError, match="several deployments are under way") as refused:
        find_interrupted(seen)
    assert "--resume ID" in refused.value.remedy
    assert find_interrupted(seen, OTHER).held.keys() == {"drtr"}


def test_one_that_no_node_knows_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="no node knows"):
        find_interrupted({"prtr": observed("prtr", *BEGUN)}, OTHER)


MOTD = change("prtr", "file:/etc/motd")
APPROVED = node_plan("prtr", MOTD, change("prtr", "file:/etc/hosts"))


def test_a_node_that_was_not_begun_must_be_exactly_as_planned() -> None:
    assert remaining(APPROVED, node_plan("prtr"), begun=False) == APPROVED.changes


def test_on_a_node_that_was_begun_only_the_rest_is_done() -> None:
    half = replace(MOTD, before="f" * 64)

    assert remaining(APPROVED, node_plan("prtr", half), begun=True) == (half,)


@pytest.mark.parametrize(
    "strange",
    [
        change("prtr", "file:/etc/passwd"),
        replace(MOTD, after="f" * 64),
        replace(MOTD, tool="files"),
        replace(MOTD, risk=Risk.DESTRUCTIVE),
    ],
    ids=["resource", "after", "tool", "class"],
)
def test_what_was_not_approved_is_not_done_by_resuming(strange: object) -> None:
    with pytest.raises(ApprovalError, match="is not part of what was approved"):
        remaining(APPROVED, node_plan("prtr", strange), begun=True)  # type: ignore[arg-type]  # parametrize knows no types


def test_what_became_previewable_meanwhile_waits_for_its_own_round() -> None:
    """On a fresh node Docker came before the controller died: its services were never shown to anybody."""
    later = (
        Postponed(Domain.SERVICES, "compose", "Docker is not there"),
        Postponed(Domain.SYSTEM, "ansible", "task 9"),
    )
    approved = replace(APPROVED, postponed=later)
    container = change("prtr", "container:web", domain=Domain.SERVICES, tool="compose")
    ninth = change("prtr", "file:/etc/ninth")

    assert remaining(approved, node_plan("prtr", MOTD, ninth, container), begun=True) == (MOTD,)


def test_what_was_written_and_not_remembered_is_part_of_what_was_approved() -> None:
    dotfile = change("prtr", "file:~/.a", domain=Domain.USER, tool="files", risk=Risk.DESTRUCTIVE)
    noted = replace(dotfile, action=ADOPT, risk=Risk.USER, before=dotfile.after)
    other = replace(noted, resource="file:~/.b")

    assert remaining(node_plan("prtr", dotfile), node_plan("prtr", noted), begun=True) == (noted,)
    with pytest.raises(ApprovalError):
        remaining(node_plan("prtr", dotfile), node_plan("prtr", other), begun=True)


UNKNOWN = change("prtr", "task:reboot", risk=Risk.UNKNOWN, after="")


@pytest.mark.parametrize(
    ("under_way", "ran"),
    [((("system", "ansible", ""),), (UNKNOWN,)), ((("user", "files", ""),), ()), ((("", "", ""),), ()), ((), ())],
)
def test_only_what_was_under_way_may_have_run(under_way: tuple[Part, ...], ran: object) -> None:
    unfinished = Unfinished(ID, PLAN.digest, FIRST, "", "owner", "", under_way)

    assert may_have_run(node_plan("prtr", MOTD, UNKNOWN), unfinished) == ran
    assert may_have_run(node_plan("prtr", UNKNOWN), None) == ()


def test_the_journals_say_how_far_it_came() -> None:
    seen = {"prtr": observed("prtr", *ENDED), "drtr": observed("drtr", *BEGUN), "crtr": observed("crtr")}
    wanted = plan(*(node_plan(name) for name in seen))

    assert outcomes_so_far(wanted, find_interrupted(seen)) == {"prtr": Outcome.DEPLOYED, "drtr": Outcome.RUNNING}
