"""The examples on the page of a rule are true: what is bad is found at its line, and what is good is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stems.tools.foreign import installed
from stems.validation.catalogue import RULES
from stems.validation.page import Example
from stems.validation.rule import Rule
from tests.support.packages import install_example
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
    "STM317": "the name of a file",
    "STM319": "a file without lines",
    "STM502": "a folder",
    "STM561": "the name of a file",
    "STM565": "that a file is there",
    "STM321": "a file that is deployed",
    "STM327": "the name of a file",
    "STM618": "the mode of a file",
    "STM619": "a database has no lines",
    "STM139": "the name of a file",
    "STM808": "the name of a file",
    "STM811": "a link",
    "STM803": "the folder of a project",
    "STM701": "a dotfile is written as a whole",
    "STM700": "a file, as the package of the example says",
    "STM703": "a dotfile is written as a whole",
}
"""Codes of findings that are about a path as a whole, each with what that is."""

ELSEWHERE = {
    "STM115": "a file that Git does not list: tests/unit/validation/test_ignored_cluster_file.py",
    "STM807": "a large file: tests/unit/validation/test_structure.py",
    "STM408": "Ansible's settings of this machine: tests/unit/tools/ansible/test_configured.py",
    **dict.fromkeys(
        ("STM160", "STM161", "STM162", "STM163", "STM164", "STM165"),
        "a linter: tests/unit/validation/linters/, and tests/contract/test_linters.py for the page itself",
    ),
}
"""Codes whose bad example needs more than a repository."""


@pytest.fixture(scope="module", autouse=True)
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The tool `etc` of another package, as if it were installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(install_example(tmp_path_factory.mktemp("packages"))))
        installed.brought.cache_clear()
        yield
    for cached in (installed.brought, installed.tool, installed.look):
        cached.cache_clear()


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
    assert judgement.judged, "without a cluster nothing would be found at all"
    assert judgement.is_valid or example is not rule.page.good, judgement.findings


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.name}")
def test_a_page_says_everything(rule: Rule) -> None:
    page = rule.page

    assert all(text.endswith(".") for text in (page.checks, page.why, page.instead))
    assert rule.name == rule.name.lower() and " " not in rule.name


def test_every_exemption_is_needed() -> None:
    assert WITHOUT_LINE.keys() | ELSEWHERE.keys() <= {rule.code for rule in RULES}
