"""What a rule of stems says already is not said by a linter, too; everything else is."""

from __future__ import annotations

import pytest

from stems.model.finding import Finding, Place
from stems.validation.linters.repeats import SAME, without_repeats
from stems.validation.stage import Stage

PLACE = Place("a.yml", 3, 5)


def stage_of(finding: Finding) -> Stage:
    return {"STM501": Stage.SYNTAX, "STM510": Stage.SERVICE}.get(finding.code, Stage.SECURITY)


def lint(code: str, theirs: str, place: Place = PLACE) -> Finding:
    return Finding(code, place, "theirs", linter_code=theirs)


@pytest.mark.parametrize(
    ("own", "theirs", "is_told"),
    [
        (Finding("STM501", Place("a.yml", 9), "x"), lint("STM160", "syntax"), False),
        (Finding("STM501", Place("a.yml", 9), "x"), lint("STM160", "anchors"), True),
        (Finding("STM501", Place("b.yml", 9), "x"), lint("STM160", "syntax"), True),
        (Finding("STM510", Place("a.yml", 3, 1), "x"), lint("STM163", "CL-0004"), False),
        (Finding("STM510", Place("a.yml", 4, 1), "x"), lint("STM163", "CL-0004"), True),
        (Finding("STM510", Place("a.yml", 3, 1), "x"), lint("STM163", "CL-0001"), True),
        (Finding("STM600", Place("a.yml", 3), "x"), lint("STM164", "private-key"), False),
        (Finding("STM600", Place("a.yml", 4), "x"), lint("STM164", "private-key"), True),
        (Finding("STM501", Place("a.yml", 9), "x"), lint("STM162", "syntax-check[unknown-module]"), False),
    ],
)
def test_one_trouble_has_one_finding(own: Finding, theirs: Finding, is_told: bool) -> None:
    told = list(without_repeats([own, theirs], stage_of))

    assert told == ([own, theirs] if is_told else [own])


def test_linters_do_not_hide_one_another() -> None:
    both = [lint("STM160", "syntax"), lint("STM162", "syntax-check[specific]")]

    assert list(without_repeats(both, lambda _: Stage.SYNTAX)) == both


def test_what_is_the_same_are_codes_of_rules() -> None:
    from stems.validation.catalogue import RULES

    assert {code for codes in SAME.values() for code in codes} <= {rule.code for rule in RULES}
