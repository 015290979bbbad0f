"""With `--changed` rules judge everything, and what differs from a commit is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stems.__main__ import run
from stems.model.finding import Finding, Place
from stems.validation.changed import Changed
from tests.support.scratch import Scratch

CLUSTER = (
    "version: 1\ncluster: {name: home}\ncheckout: ~/c\nnodes: {gate: {hostname: gate, ssh: {host: gate.example}}}\n"
)
OLD = "@daily root backup"


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    made = Scratch(tmp_path / "repository")
    made.commit({"config/cluster.yml": CLUSTER, "cron.d/a": OLD, "cron.d/b": OLD, "cron.d/gone": "@daily x\n"}, "Begin")
    return made


def judged(scratch: Scratch, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    run(["-C", str(scratch.root), "validate", "--no-linters", "--json", *options])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def paths(document: dict[str, Any]) -> set[str]:
    return {finding["path"] for finding in document["findings"] if finding["code"] == "STM151"}


def test_edited_staged_and_new_files_count(scratch: Scratch, capsys: pytest.CaptureFixture[str]) -> None:
    (scratch.root / "cron.d/a").write_text(f"# edited\n{OLD}")
    (scratch.root / "cron.d/staged").write_text(OLD)
    scratch.git("add", "cron.d/staged")
    (scratch.root / "cron.d/new").write_text(OLD)
    (scratch.root / "cron.d/gone").unlink()
    document = judged(scratch, capsys, "--changed")

    assert paths(document) == {"cron.d/a", "cron.d/staged", "cron.d/new"}
    assert document["changed"] == {"since": scratch.git("rev-parse", "HEAD"), "paths": 4, "elsewhere": 1}


def test_without_a_change_nothing_is_told(scratch: Scratch, capsys: pytest.CaptureFixture[str]) -> None:
    assert paths(judged(scratch, capsys, "--changed")) == set()
    assert paths(judged(scratch, capsys)) == {"cron.d/a", "cron.d/b"}


def test_a_branch_is_compared_with_where_it_began(scratch: Scratch, capsys: pytest.CaptureFixture[str]) -> None:
    base = scratch.git("rev-parse", "HEAD")
    scratch.git("checkout", "-q", "-b", "topic")
    scratch.commit({"cron.d/topic": OLD}, "Topic")
    scratch.git("checkout", "-q", "main")
    scratch.commit({"cron.d/a": f"# of main\n{OLD}"}, "Main")
    scratch.git("checkout", "-q", "topic")
    document = judged(scratch, capsys, "--changed", "main")

    assert paths(document) == {"cron.d/topic"} and document["changed"]["since"] == base


def test_before_the_first_commit_every_file_is_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scratch = Scratch(tmp_path / "repository")
    for path, text in {"config/cluster.yml": CLUSTER, "cron.d/a": OLD}.items():
        (scratch.root / path).parent.mkdir(parents=True)
        (scratch.root / path).write_text(text)
    scratch.git("add", "cron.d/a")

    assert paths(judged(scratch, capsys, "--changed")) == {"cron.d/a"}


def test_an_error_elsewhere_neither_stops_nor_counts(scratch: Scratch, capsys: pytest.CaptureFixture[str]) -> None:
    scratch.commit({"bin/run": "x"}, "Script")
    (scratch.root / "bin/run").write_bytes(b"#!/bin/sh\r\ntrue\r\n")
    scratch.commit({}, "An error")
    (scratch.root / "cron.d/new").write_text(OLD)

    assert run(["-C", str(scratch.root), "validate", "--no-linters"]) == 3
    capsys.readouterr()
    assert run(["-C", str(scratch.root), "validate", "--no-linters", "--changed"]) == 0
    assert "not shown: 3 findings in files that did not change" in capsys.readouterr().out


@pytest.mark.parametrize("ref", ["nowhere", "-x", "other"])
def test_what_cannot_be_compared_with_is_wrong_usage(scratch: Scratch, ref: str) -> None:
    scratch.git("checkout", "-q", "--orphan", "other")
    scratch.commit({"x": "y\n"}, "Other")
    scratch.git("checkout", "-q", "main")

    assert run(["-C", str(scratch.root), "validate", f"--changed={ref}"]) == 2


@pytest.mark.parametrize(
    ("finding", "is_in"),
    [
        (Finding("STM1", Place("a/b/c.yml", 1), "x"), True),
        (Finding("STM1", Place("a/b"), "x"), True),
        (Finding("STM1", Place("a"), "x"), True),
        (Finding("STM1", Place("other", 1), "x", also=(Place("a/b/c.yml", 9),)), True),
        (Finding("STM1", Place("a/b/d.yml", 1), "x"), False),
        (Finding("STM1", Place("a/c"), "x"), False),
    ],
)
def test_a_finding_is_about_files_and_folders(finding: Finding, is_in: bool) -> None:
    assert Changed("", frozenset({"a/b/c.yml"})).is_in(finding) is is_in
