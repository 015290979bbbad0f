"""The examples on the page of a rule are true: what is bad is found at its line, and what is good is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.validation.catalogue import RULES
from stems.validation.page import Example
from stems.validation.rule import Rule
from tests.unit.validation.examples import judged

WITHOUT_LINE = {
    "STM300": "a folder",
    "STM302": "the name of a file",
    "STM303": "the name of a file",
    "STM304": "a link",
    "STM310": "a folder",
    "STM311": "the name of a file",
    "STM312": "the name of a file",
    "STM314": "the name of a file",
    "STM502": "a folder",
    "STM561": "the name of a file",
    "STM565": "that a file is there",
    "STM701": "a dotfile is written as a whole",
    "STM703": "a dotfile is written as a whole",
}
"""Codes of findings that are about a path as a whole, each with what that is."""

ELSEWHERE = {
    "STM408": "Ansible's settings of this machine: tests/unit/tools/ansible/test_configured.py",
    "STM700": "only tools of other packages say what has no code here: test_check.py has one",
}
"""Codes whose bad example needs more than a repository."""


def examples(first: str, others: str) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.code}-{rule.name}-{number}")
        for rule in RULES
        if first == "good" or rule.code not in ELSEWHERE
        for number, example in enumerate((getattr(rule.page, first), *getattr(rule.page, others)))
    ]


@pytest.mark.parametrize(("rule", "example"), examples("bad", "also_bad"))
def test_what_is_bad_is_found_at_its_line(rule: Rule, example: Example, tmp_path: Path) -> None:
    judgement = judged(tmp_path, example)
    found = [finding for finding in judgement.findings if judgement.rule(finding) is rule]

    assert found, [str(finding) for finding in judgement.findings]
    assert all(finding.place.line for finding in found) or rule.code in WITHOUT_LINE
    assert rule.severity in {finding.severity for finding in found}


@pytest.mark.parametrize(("rule", "example"), examples("good", "also_good"))
def test_what_is_good_is_not_found(rule: Rule, example: Example, tmp_path: Path) -> None:
    judgement = judged(tmp_path, example, every_stage=True)

    assert [finding for finding in judgement.findings if judgement.rule(finding) is rule] == []
    assert judgement.is_valid or example is not rule.page.good, judgement.findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
def test_a_page_says_everything(rule: Rule) -> None:
    page = rule.page

    assert all(text.endswith(".") for text in (page.checks, page.why, page.instead))
    assert rule.name == rule.name.lower() and " " not in rule.name


def test_every_exemption_is_needed() -> None:
    assert WITHOUT_LINE.keys() | ELSEWHERE.keys() <= {rule.code for rule in RULES}
