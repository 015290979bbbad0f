"""What stems did not make is never overwritten, and a file that is fresh is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError, UsageError
from stems.lifecycle.generate.made import Made, says
from stems.lifecycle.generate.target import difference, find_target, write_target

OLD, NEW = Made(f"# {says('hosts')}\nold\n"), Made(f"# {says('hosts')}\nnew\n")


def write(path: Path, made: Made) -> bool:
    return write_target(find_target(path, "hosts", made, usual="hosts"), made)


def test_a_new_file_is_written_and_its_own_replaced(tmp_path: Path) -> None:
    file = tmp_path / "made"

    assert write(file, OLD) and file.read_text() == OLD.text and file.stat().st_mode & 0o777 == 0o644
    file.chmod(0o600)
    assert write(file, NEW) and file.read_text() == NEW.text and file.stat().st_mode & 0o777 == 0o600
    assert not [*tmp_path.glob(".stems-*")]


def test_a_fresh_file_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    before = (tmp_path / "hosts").stat()

    assert not write(tmp_path, OLD)
    assert (tmp_path / "hosts").stat().st_ino == before.st_ino


@pytest.mark.parametrize("text", ["", "127.0.0.1 localhost\n", f"# {says('inventory')}\n", "\n" * 9 + OLD.text])
def test_what_somebody_else_wrote_stays(tmp_path: Path, text: str) -> None:
    file = tmp_path / "hosts"
    file.write_text(text)

    with pytest.raises(UsageError, match="nothing else is overwritten"):
        write(file, NEW)
    assert file.read_text() == text


def test_what_appeared_meanwhile_stays(tmp_path: Path) -> None:
    target = find_target(tmp_path / "made", "hosts", NEW, usual="hosts")
    (tmp_path / "made").write_text("somebody's\n")

    with pytest.raises(ToolError, match="cannot be written: File exists"):
        write_target(target, NEW)
    assert (tmp_path / "made").read_text() == "somebody's\n" and not [*tmp_path.glob(".stems-*")]


def test_a_symlink_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "there").write_text(OLD.text)
    (tmp_path / "link").symlink_to("there")

    with pytest.raises(UsageError, match="not a plain file"):
        write(tmp_path / "link", NEW)


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    assert write(tmp_path / "new" / "deeper" / "made", NEW)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ToolError, match="Not a directory"):
        write(tmp_path / "file" / "made", NEW)


def test_json_cannot_be_known_again(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="JSON"):
        write(tmp_path / "made", Made("{}\n", is_marked=False))


def test_the_difference_is_what_would_change(tmp_path: Path) -> None:
    write(tmp_path, OLD)

    assert [*difference(find_target(tmp_path, "hosts", NEW, usual="hosts"), NEW)][-2:] == ["-old", "+new"]
    assert [*difference(find_target(tmp_path, "hosts", OLD, usual="hosts"), OLD)] == []
