"""One preview run of all nodes, taken apart: each step by itself, and what is on no node carried by the first."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import NodeUnreachableError, ToolError
from stems.model.change import Group, Risk, Undo
from stems.tools.ansible.check import scan
from stems.tools.ansible.events import Handler, Outcome, Run
from stems.tools.ansible.preview import end_of
from stems.tools.ansible.run import Ran
from stems.tools.ansible.stepwise import changes_by_step
from stems.tools.ansible.views import Views, views_of
from stems.tools.base import Job
from tests.unit.tools.ansible.build import job

FIRST, OWN, LAST = Group.FIRST, Group.NONE, Group.LAST
SITE = """\
- hosts: localhost
  tasks: [{command: x}]
- hosts: all
  tasks: [{command: x}]
- hosts: all
  tasks: [{command: x, run_once: true}]
"""
NODES = ["drtr", "crtr"]


def wrote(node: str, play: int, path: str, *, content: str = "new", **more: object) -> Outcome:
    diff = {"before": "", "after": content, "after_header": path}
    return Outcome(
        node, "ok", f"Write {path}", "copy", f"/tree/site.yml:{play}0", play=play,
        result={"changed": True, "diff": [diff], "dest": path}, args={"dest": path}, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def failed(node: str, play: int, message: str = "not there", *, line: int = 5) -> Outcome:
    return Outcome(
        node, "failed", "Stop", "unarchive", f"/tree/site.yml:{play}{line}", play=play, result={"msg": message}
    )


def seen(
    root: Path, *outcomes: Outcome, handlers: tuple[Handler, ...] = (), started: int = 3, failures: int = 1
) -> tuple[Job, Views]:
    asked = job(root, {"site.yml": SITE})
    machines = {outcome.node for outcome in outcomes} | set(NODES)
    broken = {each.node for each in outcomes if each.status == "failed"}
    stats = {name: {"failures": failures if name in broken else 0, "unreachable": 0} for name in machines}
    run = Run(plays=3, started=started, matched=frozenset(NODES), outcomes=outcomes, handlers=handlers, stats=stats)
    return asked, views_of(Ran(run, "ansible-playbook", ""), scan(asked), NODES, Path("/tree"))


def told(asked: Job, views: Views, node: str) -> list[tuple[str, str]]:
    changes, _ = changes_by_step(asked, node, views, {})
    return [(group.value, change.resource) for group, part in changes.items() for change in part]


def test_each_change_says_which_step_it_is_of(tmp_path: Path) -> None:
    asked, views = seen(
        tmp_path, wrote("crtr", 2, "/etc/a"), wrote("drtr", 2, "/etc/a"), wrote("crtr", 3, "/etc/b"),
    )  # fmt: skip

    assert told(asked, views, "crtr") == [("", "file:/etc/a"), ("last", "file:/etc/b")]
    assert told(asked, views, "drtr") == [("", "file:/etc/a")]


def test_what_acts_here_is_carried_by_the_first_node_and_cannot_be_undone(tmp_path: Path) -> None:
    asked, views = seen(tmp_path, wrote("localhost", 1, "/srv/key"))
    changes, _ = changes_by_step(asked, "crtr", views, {})
    (change,) = changes[FIRST]

    assert (change.resource, change.note) == ("task:Write /srv/key on localhost", "acts on localhost")
    assert (change.risk, change.undo, change.before, change.after) == (Risk.UNKNOWN, Undo.NO, "", "")
    assert told(asked, views, "drtr") == []


def test_what_an_earlier_step_does_as_well_is_said_once(tmp_path: Path) -> None:
    asked, views = seen(tmp_path, wrote("crtr", 2, "/etc/a"), wrote("crtr", 3, "/etc/a"))
    assert told(asked, views, "crtr") == [("", "file:/etc/a")]

    asked, views = seen(tmp_path, wrote("crtr", 2, "/etc/a"), wrote("crtr", 3, "/etc/a", content="other"))
    with pytest.raises(ToolError, match=r"/etc/a is changed at \S+site.yml:20 and, in another step, at"):
        changes_by_step(asked, "crtr", views, {})


def end(asked: Job, views: Views, node: str) -> tuple[str, Group]:
    return end_of(asked, node, views, changes_by_step(asked, node, views, {})[0])


def test_a_step_that_cannot_be_seen_on_ends_there_for_all_nodes(tmp_path: Path) -> None:
    """What the others would do after that place is not of this round; handlers notified before it are."""
    handler = Handler(3, ("Reload",), "command", "/tree/site.yml:39")
    asked, views = seen(
        tmp_path,
        wrote("crtr", 2, "/etc/a"),
        wrote("crtr", 3, "/etc/b", notify=("Reload",)), wrote("drtr", 3, "/etc/b"),
        failed("crtr", 3), wrote("drtr", 3, "/etc/later"),
        handlers=(handler,),
    )  # fmt: skip
    moved = [each.path for each in views.nodes["drtr"].outcomes[LAST]]

    assert moved == ["/tree/site.yml:30"]
    assert told(asked, views, "crtr") == [("", "file:/etc/a"), ("last", "file:/etc/b"), ("last", "task:Reload")]
    for node in NODES:
        blocked, group = end(asked, views, node)
        assert (blocked.partition(" (")[0], group) == ('not yet previewable from "Stop" on', LAST)


def test_the_first_step_ends_everything_after_it(tmp_path: Path) -> None:
    made = Outcome("localhost", "skipped", "Make", "command", "/tree/site.yml:2", play=1)
    asked, views = seen(tmp_path, made, failed("localhost", 1), started=1)

    assert [end(asked, views, node)[1] for node in NODES] == [FIRST, FIRST]
    assert told(asked, views, "crtr") == [("first", "task:Make on localhost")]


def test_a_failure_here_that_nothing_explains_is_one_of_every_node(tmp_path: Path) -> None:
    asked, views = seen(tmp_path, failed("localhost", 1, "'nope' is undefined"), started=1)

    for node in NODES:
        with pytest.raises(ToolError, match=r'^localhost: Ansible stopped at "Stop"'):
            end(asked, views, node)


def test_a_node_that_stops_in_its_own_part_stops_alone(tmp_path: Path) -> None:
    asked, views = seen(tmp_path, Outcome("crtr", "skipped", "Make", "command", "x:1", play=2), failed("crtr", 2))

    assert end(asked, views, "crtr")[1] is OWN
    assert end(asked, views, "drtr") == ("", OWN)


@pytest.mark.parametrize("play", [2, 3])
def test_a_failure_that_was_rescued_ends_nothing(tmp_path: Path, play: int) -> None:
    asked, views = seen(tmp_path, failed("crtr", play), wrote("crtr", play, "/etc/a"), failures=0)

    assert [end(asked, views, node) for node in NODES] == [("", OWN), ("", OWN)]
    assert [resource for _, resource in told(asked, views, "crtr")] == ["file:/etc/a"]


def test_a_node_that_does_not_answer_is_unknown_whatever_ends_the_step(tmp_path: Path) -> None:
    away = Outcome("crtr", "unreachable", "Ask", "ping", "/tree/site.yml:30", play=3)
    asked, views = seen(tmp_path, wrote("drtr", 2, "/etc/a"), away)

    with pytest.raises(NodeUnreachableError):
        end(asked, views, "crtr")
