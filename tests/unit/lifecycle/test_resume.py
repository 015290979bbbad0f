"""What nodes tell of a deployment whose controller died, and what is left to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.errors import ApprovalError, UsageError
from stems.infrastructure.journal import Act, Entry, Part, Unfinished
from stems.infrastructure.lock import Held, Lock
from stems.lifecycle.resume import (
    Interrupted,
    find_interrupted,
    may_have_run,
    outcomes_so_far,
    remaining,
    without_done,
)
from stems.model.change import ADOPT, Domain, Group, Risk
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


STEP = ("system", "ansible", "first")
OWN = ("system", "ansible", "")
KEY = change("prtr", "task:Key on localhost", risk=Risk.UNKNOWN, after="", group=Group.FIRST)
RAN = change("prtr", "task:run", risk=Risk.UNKNOWN, after="")


def interrupted(*entries: Entry) -> Interrupted:
    return find_interrupted({"prtr": observed("prtr", *entries, held=held()), "drtr": observed("drtr", held=held())})


def acts(*acts: Act, group: str = "") -> tuple[Entry, ...]:
    return tuple(replace(entry(act, domain="system", tool="ansible"), group=group) for act in acts)


def test_what_ended_well_is_not_run_again() -> None:
    """A command leaves nothing to see: only the journal knows that it ran, on any node for a step of all."""
    done = interrupted(*acts(Act.INTENT, Act.DONE, group="first"), *acts(Act.INTENT))
    nodes = (node_plan("prtr", KEY, RAN), node_plan("drtr", replace(KEY, node="drtr")))
    assert done.done_steps == frozenset([STEP]) and done.begun["prtr"] == frozenset([STEP, OWN])
    assert without_done(nodes, done) == (node_plan("prtr", RAN), node_plan("drtr"))

    own = interrupted(*acts(Act.INTENT, Act.DONE))
    assert without_done(nodes, own) == (node_plan("prtr", KEY), nodes[1])


@pytest.mark.parametrize("ends", [(), (Act.FAILED,), (Act.DONE, Act.INTENT)])
def test_what_did_not_end_or_was_begun_again_is_done_again(ends: tuple[Act, ...]) -> None:
    nodes = (node_plan("prtr", KEY),)

    assert without_done(nodes, interrupted(*acts(Act.INTENT, *ends, group="first"))) == nodes


def test_where_something_is_seen_to_be_left_all_of_its_part_is_done_again() -> None:
    edited = replace(MOTD, group=Group.FIRST)
    nodes = (node_plan("prtr", KEY, edited),)

    assert without_done(nodes, interrupted(*acts(Act.INTENT, Act.DONE, group="first"))) == nodes


def test_a_step_that_was_under_way_may_have_run_and_the_nodes_own_part_did_not() -> None:
    begun = interrupted(*acts(Act.INTENT, group="first"))
    approved, unfinished = node_plan("prtr", KEY, RAN), begun.unfinished["prtr"]

    assert may_have_run(approved, unfinished) == (KEY,)
    assert may_have_run(approved, unfinished, done=[STEP]) == (), "another node knows that it ended"


def test_what_waits_for_the_last_node_does_not_let_anything_else_through() -> None:
    approved = replace(APPROVED, postponed=(Postponed(Domain.SYSTEM, "ansible", "after", Group.LAST),))
    last = change("prtr", "file:/etc/pool", group=Group.LAST)

    assert remaining(approved, node_plan("prtr", MOTD, last), begun=True) == (MOTD,)
    with pytest.raises(ApprovalError):
        remaining(approved, node_plan("prtr", replace(last, group=Group.NONE)), begun=True)


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
