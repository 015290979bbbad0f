"""Findings and variables read well, and as JSON they are one document."""

from __future__ import annotations

import click

from stems.cli.commands.validate import findings_document, render_findings
from stems.cli.commands.variables import render_variables, variables_document
from stems.configuration.variables import Variable
from stems.model.finding import Finding, Place, Severity

ERROR = Finding("STM102", Place("config/cluster.yml", 14, 5), "nodes.crtr.shh: unknown key; did you mean `ssh`?", "x")
NOTE = Finding("STM502", Place("services/web2"), "not declared", severity=Severity.NOTE)


def test_a_finding_has_place_message_code_and_what_is_next() -> None:
    assert [click.unstyle(line) for line in render_findings([ERROR, NOTE])] == [
        "✗ error config/cluster.yml:14:5: nodes.crtr.shh: unknown key; did you mean `ssh`? (STM102)",
        "   next: x",
        "· note services/web2: not declared (STM502)",
        "✗ 1 error, 1 other finding",
    ]


def test_only_errors_make_a_repository_invalid() -> None:
    assert [click.unstyle(line) for line in render_findings([NOTE])][-1] == "✓ valid, 1 finding"
    assert findings_document([NOTE])["valid"] is True
    assert findings_document([ERROR])["valid"] is False


def test_variables_are_a_table_with_their_layers() -> None:
    found = {"greeting": Variable("a\nb", "node crtr"), "ports": Variable([80] * 90, "cluster")}
    lines = [click.unstyle(line) for line in render_variables(found)]

    assert lines[:2] == ["VARIABLE  FROM       VALUE", "greeting  node crtr  a⏎b"]
    assert lines[2].endswith("…")
    assert variables_document("crtr", found)["variables"] == {
        "greeting": {"value": "a\nb", "origin": "node crtr"},
        "ports": {"value": [80] * 90, "origin": "cluster"},
    }
