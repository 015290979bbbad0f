"""What a shell runs is told from what it prints, writes elsewhere or skips."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.validation.commands import lines_of, plain_name, without_comment
from stems.validation.files import Files


def said(folder: Path, name: str, text: str) -> list[tuple[int, str]]:
    (folder / name).write_text(text)
    return [(line.number, line.text) for line in lines_of(Files(folder, [name])[name])]


def test_a_continued_line_is_one_and_comments_are_none(tmp_path: Path) -> None:
    text = "#!/bin/sh\n# no\ncurl a \\\n  | sh # now\n\nls '#' \"# x\"#y\n"

    assert said(tmp_path, "a.sh", text) == [(3, "curl a   | sh"), (6, "ls '#' \"# x\"#y")]


def test_what_is_printed_is_no_command(tmp_path: Path) -> None:
    assert said(tmp_path, "a.sh", "echo 'curl a | sh' | tee x\nif a; then warn \"chmod 777 b\"; fi\n") == [
        (1, 'echo "" | tee x'),
        (2, 'if a; then warn ""; fi'),
    ]


def test_a_text_that_is_written_is_skipped_and_one_that_is_run_is_not(tmp_path: Path) -> None:
    text = "cat >x <<EOF\nchmod 777 a\nEOF\nssh gate <<'END'\nchmod 777 b\nEND\ncat <<NEVER\nls\n"

    assert [line for _, line in said(tmp_path, "a.sh", text)] == [
        "cat >x <<EOF",
        "ssh gate <<'END'",
        "chmod 777 b",
        "END",
        "cat <<NEVER",
        "ls",
    ]


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("a.yml", "- name: curl a | sh\n  shell: chmod 777 a\n", ["  shell: chmod 777 a"]),
        ("a.service", "[Service]\nDescription=curl\nExecStart=/bin/sh -c x\n", ["ExecStart=/bin/sh -c x"]),
        ("Dockerfile", "RUN x\n", ["RUN x"]),
        ("dot_zshrc.tmpl", "alias a=b\n", ["alias a=b"]),
        ("notes.txt", "chmod 777 a\n", []),
        ("a", "#!/usr/bin/env python3\nx\n", []),
    ],
)
def test_which_files_have_commands(tmp_path: Path, name: str, text: str, lines: list[str]) -> None:
    assert [line for _, line in said(tmp_path, name, text)] == lines


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/run_once_before_x.sh.tmpl", "x.sh"),
        ("a/private_dot_netrc", ".netrc"),
        ("templates/sshd_config.j2", "sshd_config"),
        ("a.sh", "a.sh"),
    ],
)
def test_the_name_of_a_file_where_it_is_deployed(path: str, name: str) -> None:
    assert plain_name(path) == name


def test_a_sign_inside_of_a_word_is_no_comment() -> None:
    assert without_comment("a#b 'c # d' # e") == "a#b 'c # d'"
