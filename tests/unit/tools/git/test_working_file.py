"""A file of the working tree is written in one step, at its place and nowhere else, and never over an edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.tools.git.repository import Repository
from stems.tools.git.working_file import EXECUTABLE, LINK, PLAIN, Version, is_edited, read_version, write_version
from tests.support.scratch import Scratch


@pytest.fixture
def repository(scratch: Scratch) -> Repository:
    (scratch.root / "link").symlink_to("a")
    scratch.commit({"a": "one\n", "d/b": "one\n"})
    return scratch.open()


@pytest.mark.parametrize(
    "version",
    [Version(PLAIN, b"two\0\xff"), Version(EXECUTABLE, b"one\n"), Version(LINK, b"../b"), None],
    ids=["content", "mode", "link", "gone"],
)
def test_a_version_takes_the_place(repository: Repository, version: Version | None) -> None:
    path = repository.root / "d/b"
    write_version(repository, "d/b", version)

    assert read_version(path) == version
    assert [each.name for each in path.parent.iterdir()] == ([] if version is None else ["b"])


def test_permissions_stay_and_who_may_read_may_run(repository: Repository) -> None:
    path = repository.root / "a"
    path.chmod(0o640)
    write_version(repository, "a", Version(EXECUTABLE, b"two\n"))
    assert path.stat().st_mode & 0o777 == 0o750

    write_version(repository, "a", Version(PLAIN, b"two\n"))
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_symlink_on_the_way_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (repository.root / "d").rename(outside)
    (repository.root / "d").symlink_to(outside)

    with pytest.raises(ToolError, match="d/b: its folder is a symlink"):
        write_version(repository, "d/b", Version(PLAIN, b"two\n"))
    assert (outside / "b").read_text() == "one\n"


def test_what_is_as_in_head_is_not_edited(repository: Repository) -> None:
    assert [is_edited(repository, place) for place in ("a", "d/b", "link")] == [False, False, False]


@pytest.mark.parametrize("edit", ["content", "mode", "gone", "kind", "link"])
def test_an_edit_is_seen(repository: Repository, edit: str) -> None:
    path = repository.root / ("link" if edit == "link" else "a")
    if edit == "content":
        path.write_text("two\n")
    elif edit == "mode":
        path.chmod(0o755)
    else:
        path.unlink()
    if edit in ("kind", "link"):
        path.symlink_to("d/b")

    assert is_edited(repository, path.name)


def test_an_edit_that_git_was_told_to_overlook_is_seen(repository: Repository, scratch: Scratch) -> None:
    scratch.git("update-index", "--assume-unchanged", "a")
    (repository.root / "a").write_text("two\n")

    assert scratch.git("status", "--porcelain") == ""
    assert is_edited(repository, "a")


def test_line_ends_that_git_makes_are_no_edit(repository: Repository, scratch: Scratch) -> None:
    scratch.git("config", "core.autocrlf", "true")
    (repository.root / "a").write_bytes(b"one\r\n")

    assert not is_edited(repository, "a")
