"""What a finding is about is shown below it, whatever is in the file, and forges get a document of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from stems.__main__ import run
from stems.cli.render.excerpt import WIDTH, excerpt
from stems.cli.render.findings import render_findings
from stems.cli.render.sarif import sarif_document
from stems.model.finding import Finding, Place, Severity
from stems.validation.check import Judgement
from stems.validation.files import Files
from tests.support.scratch import Scratch
from tests.unit.validation.judged import TEXT


def shown(folder: Path, text: str, *, line: int = 1, column: int = 0) -> tuple[str, str] | None:
    (folder / "a.yml").write_text(text)
    return excerpt(Files(folder, ["a.yml"]), Place("a.yml", line, column))


def test_the_caret_is_below_the_column(tmp_path: Path) -> None:
    assert shown(tmp_path, "a:\n    image: nginx\n", line=2, column=12) == ("image: nginx", "       ^")
    assert shown(tmp_path, "\timage: nginx\n", column=9) == ("image: nginx", "       ^")


def test_without_a_column_it_is_below_the_beginning(tmp_path: Path) -> None:
    assert shown(tmp_path, "    image: nginx\n") == ("image: nginx", "^")


def test_wide_characters_take_two_cells_and_marks_none(tmp_path: Path) -> None:
    assert shown(tmp_path, "日本e\u0301: x\n", column=6) == ("日本e\u0301: x", "      ^")


@pytest.mark.parametrize("column", [1, 40, 500, 994, 2000])
def test_a_long_line_is_cut_around_the_column(tmp_path: Path, column: int) -> None:
    line = "".join(f"{number:4} " for number in range(200))
    found = shown(tmp_path, line, column=column)

    assert found is not None
    text, caret = found
    assert len(text) <= WIDTH + 2 and len(caret) <= len(text) + 1
    if column <= len(line.rstrip()):
        assert text[len(caret) - 1] == line[column - 1]


def test_control_characters_do_not_reach_a_terminal(tmp_path: Path) -> None:
    assert shown(tmp_path, "a: \x1b[31mred\u202e\n", column=4) == ("a: �[31mred�", "   ^")


def test_a_secret_is_not_repeated(tmp_path: Path) -> None:
    found = shown(tmp_path, "password: hunter2-and-more\n", column=1)

    assert found is not None and "hunter2" not in found[0]


def test_a_line_that_is_all_secret_is_not_shown(tmp_path: Path) -> None:
    assert shown(tmp_path, "-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\n") is None


def test_a_path_of_several_lines_is_one() -> None:
    found = Finding("STM600", Place("a\nb", 1), "a\nkey")

    assert [click.unstyle(line) for line in render_findings(Judgement((found,)))][1] == "✗ error a⏎b:1: a⏎key (STM600)"


@pytest.mark.parametrize("line", [0, 2, 3, 99])
def test_what_has_no_line_has_no_excerpt(tmp_path: Path, line: int) -> None:
    assert shown(tmp_path, "a: b\n\n", line=line) is None
    assert excerpt(Files(), Place("a.yml", 1)) is None


def test_the_excerpt_stands_between_what_and_next(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("one: 1\n")
    found = Finding("STM102", Place("a.yml", 1, 1), "odd", "even")
    lines = [click.unstyle(line) for line in render_findings(Judgement((found,), files=Files(tmp_path, ["a.yml"])))]

    assert lines[1:5] == ["✗ error a.yml:1:1: odd (STM102)", "   | one: 1", "   | ^", "   next: even"]


def test_where_there_is_no_cluster_that_is_said() -> None:
    found = Finding("STM102", Place("config/cluster.yml", 1, 1), "odd")
    lines = [click.unstyle(line) for line in render_findings(Judgement((found,), ()))]

    assert "   not judged to the end: any stage, because a cluster is read from that file first" in lines


def test_sarif_has_a_rule_and_a_place_for_each_finding() -> None:
    key = Finding("STM600", Place("a ü/#1.key", 3, 5), "a key", "remove it", also=(Place("b.yml", 2),))
    note = Finding("STM502", Place("services/old"), "undeclared", severity=Severity.NOTE)
    document = sarif_document(Judgement((key, note, key)))
    (told,) = document["runs"]
    first, second, _ = told["results"]

    assert document["version"] == "2.1.0"
    assert [rule["id"] for rule in told["tool"]["driver"]["rules"]] == ["STM600", "STM502"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("STM600", 0, "error")
    assert first["message"]["text"] == "a key; remove it"
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20%C3%BC/%231.key", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5},
    }
    assert [place["physicalLocation"]["region"] for place in first["relatedLocations"]] == [{"startLine": 2}]
    assert (second["level"], "region" in second["locations"][0]["physicalLocation"]) == ("note", False)


def test_sarif_of_a_tool_of_another_package_stands_below_its_rule() -> None:
    (told,) = sarif_document(Judgement((Finding("ETC1", Place("etc/x", 1), "odd"),)))["runs"]

    assert told["results"][0]["ruleId"] == "STM700/ETC1"
    assert [rule["id"] for rule in told["tool"]["driver"]["rules"]] == ["STM700"]


def validated(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, Any]:
    scratch = Scratch(folder / "repository")
    scratch.commit({"config/cluster.yml": TEXT.replace("two.example", "one.example")}, "Begin")
    code = run(["-C", str(scratch.root), "validate", *options])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("options", [("--sarif",), ("--json",), ("--all", "--json")])
def test_documents_end_with_the_same_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert validated(tmp_path, capsys, *options)[0] == 3


def test_all_goes_on_after_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, document = validated(tmp_path, capsys, "--all", "--json")

    assert {"STM201", "STM300"} <= {each["code"] for each in document["findings"]}
    assert document["not_judged"] == [] and document["judged"][0] == "syntax"


def test_two_documents_at_once_are_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validated(tmp_path, capsys, "--json", "--sarif")[0] == 2
