"""A command becomes one line of POSIX shell that says exactly what the argv says."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.errors import ToolError, UnknownError
from stems.infrastructure.command import Command, Effect, Result
from stems.infrastructure.shell import (
    explain_sudo,
    needs_password,
    path_word,
    shell_line,
    split_marker,
    sudo_password,
    with_marker,
)
from stems.model.node import Node, Privilege, SshAddress

NODE = Node("prtr", "projector", SshAddress("prtr.example"))
ASKING = Node("prtr", "projector", SshAddress("prtr.example"), privilege=Privilege.SUDO_PASSWORD)
BARE = Node("prtr", "projector", SshAddress("prtr.example"), privilege=Privilege.NONE)
ROOT = Command(("id",), Effect.READS, account="root")
MARKER = b"stems-0123"


@given(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1))
def test_a_line_is_the_words_of_the_argv(words: list[str]) -> None:
    assert shlex.split(shell_line(Command(tuple(words), Effect.READS))) == words


def test_environment_and_folder_come_before_the_command() -> None:
    command = Command(("git", "gc"), Effect.WRITES, cwd="/it's here", env={"A": "b c"})

    assert shell_line(command) == """export A='b c' && cd '/it'"'"'s here' && git gc"""


def test_another_account_gets_the_environment_through_env() -> None:
    command = Command(("id", "-u"), Effect.READS, env={"A": "1"}, account="root")

    assert shell_line(command) == "export A=1 && sudo -n -H -u root -- env A=1 id -u"


def test_a_password_is_read_from_input_and_is_in_no_argv() -> None:
    line = shell_line(ROOT, with_password=True)

    assert line.startswith("IFS= read -r p && printf '%s\\n' \"$p\" | sudo -S -p '' -v && ")
    assert line.endswith("sudo -n -H -u root -- id")


@pytest.mark.parametrize(
    ("path", "word"), [("~/a b", "\"$HOME\"/'a b'"), ("/a;b", "'/a;b'"), ("~", "'~'"), ("~/$x", "\"$HOME\"/'$x'")]
)
def test_only_the_home_is_left_to_the_shell(path: str, word: str) -> None:
    assert path_word(path) == word


def test_the_marker_comes_after_the_line_on_standard_error() -> None:
    assert with_marker("false", "stems-0123") == "false; printf '\\n%s %d\\n' stems-0123 $? >&2"


@pytest.mark.parametrize(
    ("stderr", "said", "status"),
    [
        (b"\nstems-0123 0\n", b"", 0),
        (b"warning\n\nstems-0123 255\n", b"warning\n", 255),
        (b"no newline\nstems-0123 3\n", b"no newline", 3),
        (b"\nstems-0123 7\n\nstems-0123 1\n", b"\nstems-0123 7\n", 1),
        (b"a\nstems-0123 0\nConnection to prtr closed by remote host.\r\n", b"a", 0),
    ],
    ids=["silent", "warning", "no newline", "twice", "ssh said something after it"],
)
def test_the_status_is_behind_the_marker(stderr: bytes, said: bytes, status: int) -> None:
    found = split_marker(stderr, MARKER.decode())

    assert found[0].startswith(said)
    assert found[1] == status


@pytest.mark.parametrize(
    "stderr",
    [b"", b"client_loop: send disconnect", b"\nstems-0123", b"\nstems-0123 ", b"\nstems-0123 1", b"\nstems-0123 x\n",
     b"x stems-0123 0\n", b"\nstems-01 0\n", "\nstems-0123 ²\n".encode()],
)  # fmt: skip
def test_without_a_whole_marker_there_is_no_status(stderr: bytes) -> None:
    assert split_marker(stderr, MARKER.decode()) == (stderr, None)


def test_a_password_is_needed_only_for_another_account() -> None:
    assert needs_password(ASKING, ROOT)
    assert not needs_password(ASKING, Command(("id",), Effect.READS))
    assert not needs_password(NODE, ROOT)
    assert not needs_password(BARE, Command(("id",), Effect.READS))


def test_a_node_without_privilege_is_refused_before_anything_runs() -> None:
    with pytest.raises(ToolError, match="privilege: none"):
        needs_password(BARE, ROOT)


def test_a_password_that_nobody_can_give_is_unknown() -> None:
    assert sudo_password(ASKING, lambda: "secret") == "secret"
    with pytest.raises(UnknownError, match="nobody is there"):
        sudo_password(ASKING, None)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (b"sudo: a password is required\n", "sudo wants a password"),
        (b"sudo: 1 incorrect password attempt\n", "sudo wants a password"),
        (b"owner is not in the sudoers file.\n", "the SSH user may not use sudo"),
    ],
)
def test_a_refused_sudo_is_explained(said: bytes, problem: str) -> None:
    with pytest.raises(ToolError, match=problem):
        explain_sudo(NODE, Result(1, b"", said))


def test_every_other_word_of_a_program_is_its_own() -> None:
    explain_sudo(NODE, Result(1, b"", b"E: no password is needed\n"))


def test_a_command_that_went_well_was_not_refused_by_sudo() -> None:
    explain_sudo(NODE, Result(0, b"", b"warning: a password is required for the console\n"))
