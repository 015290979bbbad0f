"""Findings as SARIF 2.1.0, which forges show as annotations and editors as marks.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from stems import __version__
from stems.model.finding import Finding, Place, Severity
from stems.model.names import printable
from stems.validation.check import Judgement
from stems.validation.rule import Rule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# GitHub takes this name for the root of the repository.
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


def sarif_document(judgement: Judgement) -> dict[str, Any]:
    rules = list({rule.code: rule for rule in map(judgement.rule, judgement.findings)}.values())
    index = {rule.code: number for number, rule in enumerate(rules)}
    driver = {
        "name": "stems",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, judgement.rule(finding), index) for finding in judgement.findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    checks, why, instead = (_flat(text) for text in (rule.page.checks, rule.page.why, rule.page.instead))
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": checks},
        "help": {
            "text": f"{why} {instead}",
            "markdown": f"**Why it matters.** {why}\n\n**What to do instead.** {instead}",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.stage.value, rule.principle.name]},
    }


def _result(finding: Finding, rule: Rule, index: Mapping[str, int]) -> dict[str, Any]:
    text = f"{finding.message}; {finding.remedy}" if finding.remedy else finding.message
    return {
        # The code of another package's tool has no rule of its own, and stands below the one that says so.
        "ruleId": rule.code if rule.code == finding.code else f"{rule.code}/{finding.code}",
        "ruleIndex": index[rule.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": printable(text)},
        "locations": [_location(finding.place)],
        **({"relatedLocations": [_location(place) for place in finding.also]} if finding.also else {}),
    }


def _location(place: Place) -> dict[str, Any]:
    uri = quote(place.path.encode("utf-8", "surrogateescape"), safe="/")
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri, "uriBaseId": _ROOT}}
    if place.line:
        physical["region"] = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    return {"physicalLocation": physical}


def _flat(text: str) -> str:
    return " ".join(text.split())
