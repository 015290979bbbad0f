"""Going back says what stays: what later deployments made by their recorded plans and the commit does not name."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from stems.lifecycle.jobs import Work
from stems.lifecycle.named import Named
from stems.lifecycle.remnants import Done, left_behind, not_named, remnants_of, since
from stems.lifecycle.workspace import Workspace
from stems.model.change import Change, Domain, Risk, Undo
from stems.model.claim import Certainty, Claim, Extent
from stems.model.deployment import Deployment, Outcome
from stems.model.finding import Place
from stems.model.plan import Plan, Postponed
from stems.tools.base import Tree
from stems.tools.git.ledger import Ledger
from tests.support.builders import CLUSTER, FIRST, ID, SECOND, change, node_plan, plan
from tests.support.fake import FakeRunner
from tests.support.scratch import Scratch
from tests.unit.model.test_plan import NOW, PLAN

THIRD = "3" * 40
PROFILE = change("prtr", "file:/etc/profile.d/homelab.sh", action="create", before="")
MIGRATE = change("prtr", "task:Migrate", action="run", risk=Risk.UNKNOWN, undo=Undo.NO, before="", after="")
ONE = Deployment(
    ID, PLAN.digest, FIRST, "owner@laptop", "deploy", NOW, Outcome.DEPLOYED, nodes={"prtr": Outcome.DEPLOYED}
)
TWO = replace(ONE, identity="20261122T130000Z-fedcba", commit=SECOND)
THREE = replace(ONE, identity="20261122T140000Z-fedcba", commit=THIRD)


def done(*changes: Change, identity: str = TWO.identity, is_sure: bool = True) -> Done:
    return Done(identity, changes, is_sure)


def claim(resource: str, extent: Extent = Extent.WHOLE, *, certainty: Certainty = Certainty.CERTAIN) -> Claim:
    return Claim("prtr", "ansible", resource, Place("site.yml", 1), extent=extent, certainty=certainty)


def told(*made: Done) -> list[tuple[str, str]]:
    return [(each.resource, each.action) for each in left_behind("prtr", made)]


def test_only_what_came_after_the_commit_was_deployed_last_counts() -> None:
    again = replace(ONE, identity="20261122T135000Z-fedcba")

    assert since([THREE, TWO, ONE], "prtr", FIRST, lambda _: False) == [TWO, THREE]
    assert since([THREE, again, TWO, ONE], "prtr", FIRST, lambda _: False) == [THREE]
    assert since([THREE, TWO], "prtr", FIRST, lambda commit: commit == SECOND) == [THREE], "it was never deployed"
    assert since([THREE, TWO, ONE], "crtr", FIRST, lambda _: False) == []


def test_a_deployment_that_was_taken_back_left_nothing_and_one_that_did_not_end_may_have() -> None:
    taken = replace(TWO, outcome=Outcome.TAKEN_BACK, nodes={"prtr": Outcome.TAKEN_BACK})
    failed = replace(TWO, outcome=Outcome.FAILED, nodes={"prtr": Outcome.FAILED})
    dead = replace(TWO, outcome=Outcome.RUNNING, nodes={"prtr": Outcome.NOT_REACHED})
    own = replace(dead, commit=FIRST)

    assert since([own, dead, failed, taken, ONE], "prtr", FIRST, lambda _: False) == [failed, dead]


def test_files_units_packages_and_tasks_of_the_system_domain_are_left_behind() -> None:
    dotfile = change("prtr", "file:~/.rc", domain=Domain.USER, tool="files", action="create")
    restart = change("prtr", "unit:web.service", action="restart")
    packages = change("prtr", "package:tree,jq", action="install")

    assert told(done(PROFILE, MIGRATE, dotfile, restart, packages)) == [
        ("file:/etc/profile.d/homelab.sh", "create"),
        ("task:Migrate", "run"),
        ("package:tree", "install"),
        ("package:jq", "install"),
    ]


def test_what_a_later_deployment_took_away_again_is_gone() -> None:
    removed = replace(PROFILE, action="remove", before="b" * 64, after="")
    edited = change("prtr", "file:/etc/hosts")
    back = replace(edited, before="b" * 64, after="a" * 64)

    assert told(done(PROFILE), done(removed)) == []
    assert told(done(edited), done(back)) == []
    assert told(done(removed)) == [("file:/etc/profile.d/homelab.sh", "remove")]
    assert told(done(edited), done(removed)) == [("file:/etc/hosts", "change"), (removed.resource, "remove")]


def test_later_changes_of_one_resource_are_one_whatever_their_number() -> None:
    second = replace(PROFILE, resource=f"{PROFILE.resource}#2", action="mode")

    assert told(done(PROFILE, second)) == [(PROFILE.resource, "create")]
    assert told(done(replace(PROFILE, resource="file:/etc/a#2"))) == [("file:/etc/a#2", "create")], "its own name"


def test_what_the_commit_names_or_the_plan_changes_does_not_stay() -> None:
    made = left_behind("prtr", [done(PROFILE, MIGRATE)])

    def left(named: Named, *changes: Change) -> list[str]:
        return [each.resource for each in not_named(made, node_plan("prtr", *changes), named)]

    assert left(Named([], "")) == [PROFILE.resource, "task:Migrate"]
    assert left(Named([claim(PROFILE.resource)], "- name: Migrate\n")) == []
    assert left(Named([claim(PROFILE.resource, Extent.PART)], "")) == [PROFILE.resource, "task:Migrate"]
    assert left(Named([claim("file:/etc/profile.d", Extent.DIRECTORY)], "Migrated")) == [
        PROFILE.resource, "task:Migrate",
    ]  # fmt: skip
    assert left(Named([claim("file:/etc/profile.d", Extent.TREE)], ""), MIGRATE) == []
    assert left(Named([], ""), replace(PROFILE, action="remove")) == ["task:Migrate"]


def test_a_task_is_known_by_its_name_without_its_role_and_machine() -> None:
    named = Named([], "tasks:\n  - name: Tell (all)\n  - apt: {name: [tree, nginx-full]}\n")

    assert named.has("task:web : Tell (all)") and named.has("task:web : Tell (all) on localhost")
    assert named.has("package:tree") and not named.has("package:nginx")


def test_what_cannot_be_read_is_a_doubt_and_no_silence() -> None:
    made = left_behind("prtr", [done(PROFILE)])
    unread = Named([claim("file:{{ somewhere }}", certainty=Certainty.UNKNOWN)], "")
    later = replace(node_plan("prtr"), postponed=(Postponed(Domain.SYSTEM, "ansible", "no python3"),))

    lines = Named([claim(PROFILE.resource, Extent.PART)], "")
    assert "only some lines of it" in str(next(not_named(made, node_plan("prtr"), lines)))
    assert "as far as can be seen" in str(next(not_named(made, node_plan("prtr"), unread)))
    assert "cannot be previewed yet" in str(next(not_named(made, later, Named([], ""))))


def test_the_line_says_what_stays_why_and_what_to_do() -> None:
    made = left_behind("prtr", [done(PROFILE), done(MIGRATE, identity=THREE.identity, is_sure=False)])

    assert [str(each) for each in made] == [
        f"stays: file:/etc/profile.d/homelab.sh, made by {TWO.identity}: the earlier commit does not name it; "
        "remove it by hand or write a task with `state: absent`",
        f"stays: what task:Migrate perhaps did in {THREE.identity}: the earlier commit does not have it; "
        "put right by hand what it changed",
    ]


def recorded(tmp_path: Path, *, with_plan: bool) -> tuple[Workspace, Work, Plan]:
    """A node that runs the second commit and goes back to the first."""
    scratch = Scratch(tmp_path / "repository")
    first, second = scratch.commit({"README.md": "a\n"}), scratch.commit({"README.md": "b\n"})
    place = Workspace(scratch.open(), second, CLUSTER, FakeRunner({}, "this machine"), tmp_path, ExitStack())
    ran = replace(plan(node_plan("prtr", PROFILE, deployed=first)), commit=second)
    deployments = [replace(ONE, commit=first), replace(TWO, commit=second, plan=ran.digest)]
    files = {f"deployments/{each.identity}-end.json": json.dumps(each.to_json()).encode() for each in deployments}
    files |= {f"plans/{ran.digest}.json": ran.canonical()} if with_plan else {}
    Ledger.of(place.repository).append(files, "Write")
    back = replace(plan(node_plan("prtr", deployed=second)), commit=first, purpose="rollback")
    return place, Work(first, CLUSTER, Tree(tmp_path, first), ()), back


def test_the_ledger_tells_what_stays_where_a_node_goes_back(tmp_path: Path) -> None:
    place, work, back = recorded(tmp_path, with_plan=True)

    assert [each.resource for each in remnants_of(place, work, back)["prtr"].found] == [PROFILE.resource]
    assert remnants_of(place, work, replace(back, purpose="deploy")), "whatever it is called"
    assert remnants_of(place, work, replace(back, purpose="repair")) == {}
    assert remnants_of(place, work, replace(back, commit=back.nodes[0].deployed)) == {}, "nothing goes back"


def test_a_record_that_is_missing_is_said(tmp_path: Path) -> None:
    place, work, back = recorded(tmp_path, with_plan=False)
    assert remnants_of(place, work, back)["prtr"].lines() == (
        f"what else stays is not known: the plan of {TWO.identity} is not in the ledger",
    )

    elsewhere = replace(back, nodes=(replace(back.nodes[0], deployed=THIRD),))
    assert f"was not told how {THIRD[:12]} came there" in remnants_of(place, work, elsewhere)["prtr"].not_known[-1]
