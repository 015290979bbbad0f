"""Findings as lines, by stage and with the text that they are about, and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stems.cli.render.excerpt import excerpt
from stems.cli.render.text import bold, count, dim, marked, one_line
from stems.model.finding import Finding, Severity
from stems.model.names import printable
from stems.validation.check import MAX_FINDINGS, Judgement

_MARKS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.NOTE: "none"}


def findings_document(judgement: Judgement) -> dict[str, Any]:
    return {
        "schema": "stems.validate/1",
        "valid": judgement.is_valid,
        "findings": [_in_json(judgement, finding) for finding in judgement.findings],
        "judged": [stage.value for stage in judgement.judged],
        "not_judged": [stage.value for stage in judgement.left],
        "cut": list(judgement.cut),
        "unread": sorted(judgement.files.beyond),
        "unasked": list(judgement.unasked),
        "linters": {
            "asked": judgement.linted.are_asked,
            "answered": list(judgement.linted.answered),
            "missing": [
                {"name": missing.name, "how_to_get": missing.how_to_get} for missing in judgement.linted.missing
            ],
        },
        "changed": _changed(judgement),
    }


def _changed(judgement: Judgement) -> dict[str, Any] | None:
    changed = judgement.changed
    if changed is None:
        return None
    return {"since": changed.since, "paths": len(changed.paths), "elsewhere": judgement.elsewhere}


def _in_json(judgement: Judgement, finding: Finding) -> dict[str, Any]:
    rule = judgement.rule(finding)
    return {**finding.to_json(), "name": rule.name, "stage": rule.stage.value, "principle": rule.principle.name}


def render_findings(judgement: Judgement) -> Iterator[str]:
    stage = None
    for finding in judgement.findings:
        if (found := judgement.rule(finding).stage) is not stage:
            stage = found
            yield dim(stage.value)
        yield from _lines(judgement, finding)
    yield from _summary(judgement)


def _lines(judgement: Judgement, finding: Finding) -> Iterator[str]:
    what = marked(_MARKS[finding.severity], finding.severity.value)
    yield f"{what} {bold(one_line(str(finding.place)))}: {one_line(finding.message)} {dim(f'({finding.code})')}"
    for line in excerpt(judgement.files, finding.place) or ():
        yield dim(f"   | {line}")
    if finding.remedy:
        yield f"   {dim('next:')} {printable(finding.remedy)}"


def _summary(judgement: Judgement) -> Iterator[str]:
    findings = judgement.findings
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    others = len(findings) - errors
    if errors:
        yield marked("bad", count(errors, "error") + (f", {count(others, 'other finding')}" if others else ""))
    else:
        yield marked("good", "valid" + (f", {count(others, 'finding')}" if others else ""))
    if not judgement.judged:
        yield f"   {dim('not judged to the end:')} any stage, because a cluster is read from that file first"
    elif judgement.left:
        yield f"   {dim('not judged to the end:')} {', '.join(stage.value for stage in judgement.left)} (see `--all`)"
    if judgement.files.beyond:
        yield f"   {dim('not read:')} {one_line(judgement.files.unread)}"
    if judgement.unasked:
        what = "what says that something is nowhere, because not every file was read"
        yield f"   {dim('not asked:')} {what}: {', '.join(judgement.unasked)}"
    if judgement.cut:
        yield f"   {dim('more than is shown:')} {', '.join(judgement.cut)} (the first {MAX_FINDINGS} of each are shown)"
    if judgement.elsewhere:
        what = count(judgement.elsewhere, "finding")
        yield f"   {dim('not shown:')} {what} in files that did not change (without `--changed` they are)"
    if judgement.linted.missing:
        names = ", ".join(missing.name for missing in judgement.linted.missing)
        ways = "; ".join(dict.fromkeys(missing.how_to_get for missing in judgement.linted.missing))
        yield f"   {dim('not asked:')} {names}, which this machine does not have ({ways})"
    if findings:
        yield f"   {dim('explain with:')} stems explain {findings[0].code}"
