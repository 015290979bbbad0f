"""Pages of decisions: their numbers, what they say, and the list beside them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from stems.errors import UsageError
from stems.lifecycle.decision.page import Decision, next_number, page, write_decision

ONE = Decision(
    "Run notes on gate", "It is always on.", "notes runs on gate.", "It is gone with gate.", date(2026, 1, 2)
)


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ([], "0001"),
        (["README.md", "template.md"], "0001"),
        (["0007-a.md", "0009-b.md"], "0010"),
        (["7-a.md"], "8"),
        (["9-a.md", "10-b.md"], "11"),
        (["099-a.md"], "100"),
    ],
)
def test_a_number_follows_the_style_of_the_others(names: list[str], number: str) -> None:
    assert next_number(names) == number


def test_a_page_says_when_what_and_why() -> None:
    assert page("0001", ONE) == (
        "# 0001 Run notes on gate\n\n2026-01-02, accepted\n\n## Context\n\nIt is always on.\n\n"
        "## Decision\n\nnotes runs on gate.\n\n## Consequences\n\nIt is gone with gate.\n"
    )


def test_two_decisions_are_two_pages(tmp_path: Path) -> None:
    first, second = write_decision(tmp_path, ONE), write_decision(tmp_path, ONE)

    assert (first.path, second.path) == (
        "docs/decisions/0001-run-notes-on-gate.md",
        "docs/decisions/0002-run-notes-on-gate.md",
    )
    assert not first.is_listed
    assert not (tmp_path / "docs/decisions/README.md").exists()


def test_a_list_on_disk_is_kept_up_to_date(tmp_path: Path) -> None:
    readme = tmp_path / "docs/decisions/README.md"
    readme.parent.mkdir(parents=True)
    readme.write_text("| [0001](0001-a.md) | A |\n")

    assert write_decision(tmp_path, ONE).is_listed
    assert "[0001](0001-run-notes-on-gate.md)" in readme.read_text()
    assert [path.name for path in readme.parent.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    root, other = tmp_path / "root", tmp_path / "other"
    (root / "docs").mkdir(parents=True)
    other.mkdir()
    (root / "docs/decisions").symlink_to(other)

    with pytest.raises(UsageError, match="leads out"):
        write_decision(root, ONE)
    assert list(other.iterdir()) == []


def test_a_title_without_letters_names_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no letter"):
        write_decision(tmp_path, Decision("…", "a", "b", "c", date(2026, 1, 2)))
