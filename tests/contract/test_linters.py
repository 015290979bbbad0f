"""Each linter that is installed finds what the page of its rule says, and nothing in the example that is good."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.infrastructure.command import Effect
from stems.infrastructure.guards import Guarded
from stems.infrastructure.local import LocalRunner
from stems.validation.catalogue import RULES
from stems.validation.files import Files
from stems.validation.linters.ask import LINTERS, Asking, ask_linters, program_of
from stems.validation.linters.linted import Linted
from stems.validation.linters.linter import Linter
from stems.validation.page import Example
from stems.validation.subject import NO_CLUSTER, Subject
from tests.unit.validation.examples import written

PAGES = {rule.code: rule.page for rule in RULES}
EVERY = pytest.mark.parametrize("linter", LINTERS, ids=lambda linter: linter.code)


def asked(root: Path, linter: Linter, example: Example) -> Linted:
    if not program_of(linter):
        pytest.skip(f"{' or '.join(linter.programs)} is not on this machine")
    tree = written(root / "repository", example)
    private = root / "private"
    private.mkdir()
    subject = Subject(NO_CLUSTER, files=Files(tree.root, tree.tracked))
    runner = Guarded(LocalRunner(), Effect.READS, Effect.STAGES)
    return ask_linters(Asking(subject, tree.root, runner, private, linters=(linter,)))


def listing(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


@EVERY
def test_what_is_bad_is_found_at_its_line(linter: Linter, tmp_path: Path) -> None:
    linted = asked(tmp_path, linter, PAGES[linter.code].bad)

    assert linted.findings and linted.answered
    assert {finding.code for finding in linted.findings} == {linter.code}
    assert all(finding.place.line and finding.linter_code for finding in linted.findings)


@EVERY
def test_what_is_good_is_not_found(linter: Linter, tmp_path: Path) -> None:
    linted = asked(tmp_path, linter, PAGES[linter.code].good)

    assert linted.findings == () and linted.answered


@EVERY
def test_nothing_is_written_into_the_repository(linter: Linter, tmp_path: Path) -> None:
    example = PAGES[linter.code].bad
    asked(tmp_path, linter, example)

    assert listing(tmp_path / "repository") == listing(written(tmp_path / "fresh", example).root)


def test_a_configuration_with_a_mistake_is_told(tmp_path: Path) -> None:
    (yamllint,) = (linter for linter in LINTERS if linter.name == "yamllint")
    (found,) = asked(tmp_path, yamllint, PAGES["STM165"].bad).findings

    assert found.code == "STM165" and "defualt" in found.message


@EVERY
def test_odd_names_are_read_too(linter: Linter, tmp_path: Path) -> None:
    example = {path.replace("/", "/a ü'$x/", 1): text for path, text in PAGES[linter.code].bad.items()}
    linted = asked(tmp_path, linter, example)

    assert {finding.code for finding in linted.findings} == {linter.code}
    assert {finding.place.path for finding in linted.findings} <= set(example)
