"""What is read of a repository that holds more than anybody writes."""

from __future__ import annotations

from pathlib import Path

from stems.lifecycle.validate import validate_tree
from stems.tools.base import Tree
from stems.validation.budget import MOST_TEXT, beyond
from stems.validation.content import Kind
from stems.validation.files import Files

HALF = MOST_TEXT // 2


def test_small_files_come_first_and_what_configures_stems_before_all() -> None:
    sizes = [("big.yml", HALF + 2), ("small.yml", 10), ("middle.yml", HALF), ("config/cluster.yml", HALF - 20)]

    assert beyond(sizes) == {"big.yml"}
    assert beyond([*sizes, ("config/exceptions.yml", HALF)]) == {"big.yml", "middle.yml"}


def test_pictures_take_no_room_and_pages_little() -> None:
    sizes = [(f"{number}.png", MOST_TEXT) for number in range(100)]
    sizes += [(f"{number}.md", HALF // 4) for number in range(20)]

    assert beyond([*sizes, ("site.yml", HALF // 4)]) == frozenset()
    assert beyond([*sizes, ("site.yml", MOST_TEXT)]) == {"site.yml"}


def test_whatever_is_not_read_is_said(tmp_path: Path) -> None:
    """None of it is judged, and none of it is taken for empty or for a file without findings."""
    for number in range(4):
        (tmp_path / f"{number}.yml").write_text("a: 1\n" * (MOST_TEXT // 4 // 5 + number))
    (tmp_path / "README.md").write_text("# Home\n")
    files = Files(tmp_path, [path.name for path in tmp_path.iterdir()])
    judgement = validate_tree(Tree(tmp_path, "", frozenset(path.name for path in tmp_path.iterdir())))

    assert files["3.yml"].kind is Kind.BEYOND and files["3.yml"].text == ""
    assert files["0.yml"].kind is Kind.TEXT
    assert files.beyond == judgement.files.beyond == {"3.yml"}
    assert files.unread == "3.yml: 2 MiB are read of one repository, small files first"
