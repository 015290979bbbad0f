"""A file of a node is read as it is, or it is said why not; absent is only what can be seen to be absent."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.infrastructure.command import Command, Result, Watch
from stems.infrastructure.content import MOST, Content, parse_content, read_content
from stems.infrastructure.local import LocalRunner

SHELLS = [["/bin/sh"]] + [["busybox", "sh"] for found in [shutil.which("busybox")] if found]


class Here:
    """This machine, with one of its shells."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.place = "red"

    def run(self, command: Command, *, watch: Watch | None = None) -> Result:
        return LocalRunner().run(replace(command, argv=(*self.words, *command.argv[1:])), watch=watch)


@pytest.fixture(params=SHELLS, ids=lambda shell: shell[-1])
def here(request: pytest.FixtureRequest) -> Here:
    return Here(list(request.param))


@pytest.mark.parametrize("data", [b"", b"one\n", b"no end", b"\0\xff binary\n\n", b"x" * MOST])
def test_a_file_comes_whole_with_its_mode(here: Here, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "it's $HOME é"
    path.write_bytes(data)
    path.chmod(0o750)

    assert read_content(here, str(path)) == Content(data, "750")


@pytest.mark.parametrize("target", ["to", "a b\n", "../é"])
def test_a_symlink_is_never_followed(here: Here, tmp_path: Path, target: str) -> None:
    (tmp_path / "to").write_text("secret")
    (tmp_path / "link").symlink_to(target)

    assert read_content(here, str(tmp_path / "link")) == Content(target.encode())


def test_absent_is_absent(here: Here, tmp_path: Path) -> None:
    assert read_content(here, str(tmp_path / "a/b")) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_what_may_not_be_seen_is_not_absent(here: Here, tmp_path: Path) -> None:
    (tmp_path / "d").mkdir(0o000)
    try:
        with pytest.raises(ToolError, match="cannot be read"):
            read_content(here, str(tmp_path / "d/x"))
    finally:
        (tmp_path / "d").chmod(0o700)


def test_what_is_too_large_or_no_file_is_said(here: Here, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (MOST + 1))
    os.mkfifo(tmp_path / "fifo")

    with pytest.raises(ToolError, match=r"red: .*large: larger than 256 KiB"):
        read_content(here, str(tmp_path / "large"))
    for path in (tmp_path / "fifo", tmp_path):
        with pytest.raises(ToolError, match="neither a file nor a symlink"):
            read_content(here, str(path))


@pytest.mark.parametrize(
    "output", ["", "absent\n", "file 644 YQ==\n", "file 644 YQ=\nend\n", "file rw YQ==\nend\n", "end\n"]
)
def test_half_an_answer_is_none(output: str) -> None:
    with pytest.raises(ValueError, match="not whole"):
        parse_content(output)
