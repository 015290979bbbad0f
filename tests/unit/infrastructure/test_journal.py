"""The journal tells what runs on a node even after a crash, and says so when it cannot be read."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from stems.errors import UnknownError
from stems.infrastructure.command import Effect, script
from stems.infrastructure.journal import (
    Act,
    Entry,
    Journal,
    append,
    append_command,
    deployed_commit,
    done_parts,
    parse_journal,
    read_journal,
    snippet,
    unfinished,
)
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.probe import Section
from stems.model.observation import Absent, Present, Unknown

RUNNER = LocalRunner()
ID = "20260101T000000Z-abcdef"
INTENT = Entry(Act.INTENT, ID, "p" * 64, "new", "old", "it's ada", "services", "compose")
DONE = replace(INTENT, act=Act.DONE)
RESULT = replace(INTENT, act=Act.RESULT, domain="", tool="", outcome="deployed")


def look(state: Path) -> Journal:
    result = RUNNER.run(script(snippet(str(state)), Effect.READS))
    seen = parse_journal("prtr", Section(result.status, result.text))
    assert isinstance(seen, Present)
    return seen.value


def test_entries_come_back_with_the_time_of_the_node(tmp_path: Path) -> None:
    for entry in (INTENT, DONE, RESULT):
        append(RUNNER, str(tmp_path / "state"), entry)

    journal = look(tmp_path / "state")

    assert [replace(entry, at="") for entry in journal.entries] == [INTENT, DONE, RESULT]
    assert all(entry.at.endswith("Z") for entry in journal.entries)
    assert (tmp_path / "state/journal.jsonl").stat().st_mode & 0o777 == 0o600


def test_many_writers_never_mix_their_lines(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda _: append(RUNNER, str(tmp_path), INTENT), range(24)):
            pass

    assert len(look(tmp_path).entries) == 24


@pytest.mark.parametrize("cut", [1, 10, 60, -2])
def test_a_line_cut_by_a_crash_is_counted_and_swallows_nothing(tmp_path: Path, cut: int) -> None:
    append(RUNNER, str(tmp_path), INTENT)
    path = tmp_path / "journal.jsonl"
    path.write_text(path.read_text() + path.read_text()[:cut].rstrip("}\n"))
    assert (len(look(tmp_path).entries), look(tmp_path).torn) == (1, 1)

    append(RUNNER, str(tmp_path), RESULT)

    journal = look(tmp_path)
    assert [entry.act for entry in journal.entries] == [Act.INTENT, Act.RESULT]
    assert journal.torn == 1


GARBAGE = (
    "journal\nhello",
    'journal\n{"schema":"stems.journal/9"}',
    'journal\n{"schema":"stems.journal/1","act":"dance","deployment":"20260101T000000Z-abcdef"}',
    'journal\n{"schema":"stems.journal/1","act":"done","deployment":"$(id)"}',
    'journal\n{"schema":"stems.journal/1","act":"done","deployment":["x"]}',
    "journal\n[]",
    "",
    "nonsense",
)


@pytest.mark.parametrize("text", GARBAGE)
def test_garbage_is_unknown_never_absent(text: str) -> None:
    assert isinstance(parse_journal("prtr", Section(0, text)), Unknown)


def test_a_node_without_a_journal_is_absent_and_one_that_hides_it_is_not(tmp_path: Path) -> None:
    result = RUNNER.run(script(snippet(str(tmp_path)), Effect.READS))

    assert parse_journal("prtr", Section(result.status, result.text)) == Absent()
    assert isinstance(parse_journal("prtr", Section(1, "")), Unknown)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="becoming somebody else takes root")
def test_a_journal_below_a_folder_that_cannot_be_searched_is_unknown() -> None:
    with tempfile.TemporaryDirectory() as name:
        look = script(snippet(f"{name}/state/stems/colab"), Effect.READS)
        nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *look.argv)
        result = RUNNER.run(replace(look, argv=nobody))

    seen = parse_journal("prtr", Section(result.status, result.text))

    assert isinstance(seen, Unknown)
    assert "permission denied" in seen.error.said


def test_a_journal_that_cannot_be_written_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()

    with pytest.raises(UnknownError, match="cannot be written"):
        append(RUNNER, str(tmp_path), INTENT)


def test_an_entry_holds_no_newline_whatever_is_in_it() -> None:
    assert b"a\\nb" in append_command("/s", replace(INTENT, who="a\nb")).stdin


TAKEN_BACK = replace(RESULT, outcome="taken back")
FAILED = replace(RESULT, outcome="failed")


@pytest.mark.parametrize(
    ("entries", "commit"),
    [
        ((), ""),
        ((INTENT, DONE, RESULT), "new"),
        ((INTENT, DONE), "old"),
        ((INTENT, TAKEN_BACK), "old"),
        ((replace(RESULT, commit="older"), INTENT, FAILED), "older"),
        ((RESULT, replace(INTENT, commit="newer")), "new"),
    ],
)
def test_what_runs_is_the_last_result_that_stands(entries: tuple[Entry, ...], commit: str) -> None:
    assert deployed_commit(entries) == commit


def test_an_intent_without_a_result_is_unfinished() -> None:
    system = replace(INTENT, domain="system", tool="ansible", at="then")

    found = unfinished((RESULT, system, replace(system, act=Act.DONE), INTENT))

    assert found
    assert (found.deployment, found.since, found.under_way) == (ID, "then", (("services", "compose", ""),))
    assert unfinished((INTENT, DONE, RESULT)) is None
    assert unfinished(()) is None
    assert unfinished((INTENT, FAILED)) is None


def test_an_act_of_a_group_step_is_another_than_that_of_the_node() -> None:
    step = replace(INTENT, group="first")
    done = replace(step, act=Act.DONE)

    assert read_journal(f"{_line(step)}\n{_line(done)}\n").entries == (step, done)
    assert done_parts((step, done, INTENT)) == {step.part} != {INTENT.part}
    assert done_parts((step, done, step)) == frozenset(), "begun again"
    found = unfinished((INTENT, step, done))
    assert found and found.under_way == (INTENT.part,)


def _line(entry: Entry) -> str:
    document = {name: value for name, value in asdict(entry).items() if value and name != "act"}
    return json.dumps({"schema": "stems.journal/1", "act": entry.act.value, **document})
