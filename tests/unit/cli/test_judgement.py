"""Findings and variables read well, and as JSON they are one document."""

from __future__ import annotations

from pathlib import Path

import click

from stems.cli.commands.plan import plan_document
from stems.cli.commands.variables import render_variables, variables_document
from stems.cli.render.drift import drift_document
from stems.cli.render.findings import findings_document, render_findings
from stems.configuration.variables import Variable
from stems.errors import NodeUnreachableError
from stems.lifecycle.drift import Drift
from stems.lifecycle.plan import Planned
from stems.model.cluster import Gates
from stems.model.finding import Finding, Place, Severity
from stems.validation.check import Judgement
from stems.validation.stage import Stage
from tests.support.builders import plan, workspace

ERROR = Finding("STM102", Place("config/cluster.yml", 14, 5), "nodes.crtr.shh: unknown key; did you mean `ssh`?", "x")
NOTE = Finding("STM502", Place("services/web2"), "not declared", severity=Severity.NOTE)


def lines(judgement: Judgement) -> list[str]:
    return [click.unstyle(line) for line in render_findings(judgement)]


def test_a_finding_has_place_message_code_and_what_is_next() -> None:
    assert lines(Judgement((ERROR, NOTE), (Stage.SYNTAX, Stage.SCHEMA, Stage.DEPENDENCIES, *tuple(Stage)[4:]))) == [
        "schema",
        "✗ error config/cluster.yml:14:5: nodes.crtr.shh: unknown key; did you mean `ssh`? (STM102)",
        "   next: x",
        "dependencies",
        "· note services/web2: not declared (STM502)",
        "✗ 1 error, 1 other finding",
        "   not judged to the end: ownership (see `--all`)",
        "   explain with: stems explain STM102",
    ]


def test_only_errors_make_a_repository_invalid() -> None:
    assert lines(Judgement((NOTE,)))[-2:] == ["✓ valid, 1 finding", "   explain with: stems explain STM502"]
    assert lines(Judgement(())) == ["✓ valid"]
    assert lines(Judgement((NOTE,), cut=("STM502",)))[-2].startswith("   more than is shown: STM502 (the first ")
    assert findings_document(Judgement((NOTE,)))["valid"] is True
    assert findings_document(Judgement((ERROR,)))["valid"] is False


def test_a_document_has_the_rule_of_each_finding_and_the_stages() -> None:
    document = findings_document(Judgement((ERROR,), (Stage.SYNTAX, Stage.SCHEMA)))

    (found,) = document["findings"]
    assert (found["code"], found["name"], found["stage"], found["principle"]) == (
        "STM102",
        "unknown-key",
        "schema",
        "P3",
    )
    assert document["judged"] == ["syntax", "schema"] and document["not_judged"][0] == "dependencies"


def test_variables_are_a_table_with_their_layers() -> None:
    found = {"greeting": Variable("a\nb", "node crtr"), "ports": Variable([80] * 90, "cluster")}
    lines = [click.unstyle(line) for line in render_variables(found)]

    assert lines[:2] == ["VARIABLE  FROM       VALUE", "greeting  node crtr  a⏎b"]
    assert lines[2].endswith("…")
    assert variables_document("crtr", found)["variables"] == {
        "greeting": {"value": "a\nb", "origin": "node crtr"},
        "ports": {"value": [80] * 90, "origin": "cluster"},
    }


def test_a_node_that_is_unknown_has_a_whole_error_in_every_document(tmp_path: Path, home: None) -> None:
    error = NodeUnreachableError("prtr: refused", ran="ssh prtr", said="Connection refused", remedy="start sshd")
    found = drift_document(workspace(tmp_path), Drift((), {"prtr": error}))
    planned = plan_document(Planned(plan(), {"prtr": error}), Gates())

    assert found["unknown"] == planned["unknown"] == {"prtr": "prtr: refused"}
    assert found["errors"] == planned["errors"] == {
        "prtr": {
            "problem": "prtr: refused", "ran": "ssh prtr", "said": "Connection refused", "remedy": "start sshd",
        }
    }  # fmt: skip
