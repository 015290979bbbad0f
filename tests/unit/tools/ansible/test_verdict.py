"""A run is judged by its events and statistics."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import NodeUnreachableError, ToolError
from stems.tools.ansible.events import Outcome, Run, parse_events
from stems.tools.ansible.run import Ran
from stems.tools.ansible.verdict import failure_of, require_matched
from stems.tools.exceptions import Exceptions
from tests.unit.tools.ansible.build import job

RECORDINGS = Path(__file__).parent / "recordings" / "2.19"


def ran(name: str) -> Ran:
    return Ran(parse_events((RECORDINGS / f"{name}.jsonl").read_text()), "ansible-playbook site.yml", "")


@pytest.mark.parametrize("node", ["n1", "n2"])
def test_ignored_and_rescued_failures_are_none(node: str) -> None:
    assert failure_of(ran("everything"), node, stops_all=False) is None


def test_a_failure_names_its_task_and_what_it_said() -> None:
    error = failure_of(ran("applied"), "n1", stops_all=False)

    assert isinstance(error, ToolError)
    assert (error.problem, error.said) == ('n1: Ansible stopped at "Install it"', "cannot")


def test_a_loop_says_what_its_items_said() -> None:
    whole = Outcome("n1", "failed", "Look", "assert", "t.yml:3", loop=True, result={"msg": "One or more items failed"})
    items = [
        replace(whole, loop=False, item=True, status=status, result={"msg": msg})
        for status, msg in (("ok", "fine"), ("failed", "b is not there"), ("failed", "b is not there"), ("failed", "c"))
    ]
    other = replace(items[-1], task="Another", result={"msg": "rescued"})
    run = Run(plays=1, started=1, outcomes=(other, *items, whole), stats={"n1": {"failures": 1}})

    error = failure_of(Ran(run, "", ""), "n1", stops_all=False)

    assert error and error.said == "b is not there\nc"


def test_an_unreachable_node_is_unknown() -> None:
    error = failure_of(ran("unreachable"), "n2", stops_all=False)

    assert isinstance(error, NodeUnreachableError)
    assert "Connection refused" in error.said


def test_an_unreachable_node_is_unknown_when_the_playbook_ignores_it() -> None:
    away = Outcome("n1", "unreachable", "Ask", "ping", "", ignored=True, result={"msg": "timed out"})
    run = Run(plays=1, started=1, matched=frozenset({"n1"}), outcomes=(away,), stats={"n1": {"ok": 1, "ignored": 1}})

    error = failure_of(Ran(run, "", ""), "n1", stops_all=False)
    assert isinstance(error, NodeUnreachableError) and error.said == "timed out"


def test_no_node_matched_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no play matches a node"):
        require_matched(job(tmp_path, {}), ran("none"))


def test_a_play_for_no_node_is_an_error_where_rules_count(tmp_path: Path) -> None:
    """Of a commit that was deployed already the node may be gone; a person may accept it, too."""
    asked = job(tmp_path, {"site.yml": "- hosts: all\n# stems: allow STM404: comes next month\n- hosts: nas,\n"})
    run = Run(matched=frozenset({"crtr"}), unmatched=(("nas", f"{tmp_path}/ansible/site.yml:1"),))
    require_matched(asked, Ran(run, "", ""))

    judged = replace(asked, judged=True, exceptions=Exceptions(tmp_path))
    with pytest.raises(ToolError, match=r"^ansible/site\.yml:1: `hosts: nas` matches no node"):
        require_matched(judged, Ran(run, "", ""))
    accepted = replace(run, unmatched=(("nas", f"{tmp_path}/ansible/site.yml:3"),))
    require_matched(judged, Ran(accepted, "", ""))


def test_a_run_that_one_node_ended_does_not_count_for_the_others() -> None:
    stats = {"n1": {"failures": 1, "unreachable": 0}, "n2": {"failures": 0, "unreachable": 0}}
    cut_short = Run(plays=2, started=1, matched=frozenset({"n1", "n2"}), stats=stats)
    whole = Run(plays=2, started=2, matched=frozenset({"n1", "n2", "n3"}), stats=stats)

    assert failure_of(Ran(cut_short, "", ""), "n2", stops_all=False)
    assert failure_of(Ran(whole, "", ""), "n2", stops_all=False) is None
    assert failure_of(Ran(whole, "", ""), "n2", stops_all=True)
    assert failure_of(Ran(whole, "", ""), "n3", stops_all=False)


def test_a_node_that_no_play_is_for_has_no_failure() -> None:
    assert failure_of(ran("everything"), "elsewhere", stops_all=False) is None


def test_a_run_tells_its_version() -> None:
    assert ran("everything").run.version == "2.19.14"


def test_a_task_that_would_act_in_a_preview_is_named_by_its_place() -> None:
    assert parse_events('{"stems": "acting", "path": "/srv/site.yml:4"}\n').acting == "/srv/site.yml:4"


def test_talk_between_events_is_not_an_event() -> None:
    assert parse_events('hello\n{"other": 1}\n').stats is None


@pytest.mark.parametrize("line", ['{"stems": "stats", ', '{"stems": "result"}', '{"stems": "play", "name": 1}'])
def test_a_broken_event_is_an_error(line: str) -> None:
    with pytest.raises(ToolError, match="events cannot be read"):
        parse_events(line)
