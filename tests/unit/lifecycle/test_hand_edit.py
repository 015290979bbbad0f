"""What of a hand edit may become a change of the repository, and what is shown of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.errors import ToolError
from stems.infrastructure.content import Content
from stems.lifecycle.hand_edit import HandEdit, diff_of, hand_edit
from stems.model.change import Change
from stems.tools.git.working_file import EXECUTABLE, LINK, PLAIN, Version
from stems.tools.origin import Origin
from tests.support.builders import change

CHANGE: Change = change("prtr", "file:~/.a")
ORIGIN = Origin("/home/owner/.a", "dotfiles/.a", executable=True, mode_in="`modes`")
FIXED = replace(ORIGIN, executable=False)
WAS = Version(PLAIN, b"one\n")
WAS_LINK = Version(LINK, b"b")


def edit(content: Content | None, *, was: Version = WAS, origin: Origin = ORIGIN) -> HandEdit:
    return hand_edit(CHANGE, origin, content, was=was)


def text(before: str, after: str, *, path: str = "/home/owner/.a") -> str:
    origin = replace(ORIGIN, path=path)
    return diff_of(edit(Content(after.encode(), "644"), was=Version(PLAIN, before.encode()), origin=origin))


@pytest.mark.parametrize(
    ("content", "origin", "now", "note"),
    [
        (Content(b"two\n", "644"), ORIGIN, Version(PLAIN, b"two\n"), ""),
        (Content(b"one\n", "755"), ORIGIN, Version(EXECUTABLE, b"one\n"), ""),
        (
            Content(b"two\n", "600"),
            ORIGIN,
            Version(PLAIN, b"two\n"),
            "its mode 600 is not in it: write it into `modes`",
        ),
        (Content(b"two\n", "755"), FIXED, Version(PLAIN, b"two\n"), ""),
        (None, ORIGIN, None, ""),
    ],
)
def test_what_git_keeps(content: Content | None, origin: Origin, now: Version | None, note: str) -> None:
    found = edit(content, origin=origin)

    assert (found.now, found.note) == (now, note)


@pytest.mark.parametrize(("mode", "origin"), [("600", ORIGIN), ("755", FIXED), ("644", ORIGIN)])
def test_what_git_does_not_keep_is_told_where_to_write(mode: str, origin: Origin) -> None:
    with pytest.raises(ToolError, match="no difference that Git keeps") as refused:
        edit(Content(b"one\n", mode), origin=origin)

    assert refused.value.remedy.startswith("write it into `modes`, or put it right")


@pytest.mark.parametrize(
    ("content", "was"), [(Content(b"b"), WAS), (Content(b"one\n", "644"), WAS_LINK)], ids=["symlink", "file"]
)
def test_a_file_and_a_symlink_do_not_take_each_others_place(content: Content, was: Version) -> None:
    with pytest.raises(ToolError, match=r"there and a .* in dotfiles/"):
        edit(content, was=was)


def test_a_symlink_may_point_to_what_is_in_the_repository() -> None:
    content = b"../services/c"
    found = edit(Content(content), was=WAS_LINK, origin=FIXED)

    assert found.now == Version(LINK, content)
    assert diff_of(found).splitlines()[-2:] == ["+../services/c", "\\ No newline at end of file"]


@pytest.mark.parametrize("target", [b"/etc/shadow", b"../../x", b"", b"a\nb", b"\x1b[2J"])
def test_a_symlink_leads_nowhere_else(target: bytes) -> None:
    with pytest.raises(ToolError, match="out of the repository"):
        edit(Content(target), was=WAS_LINK, origin=FIXED)


def test_the_diff_shows_what_is_written() -> None:
    assert text("one\n", "one\ntwo\n").splitlines() == [
        "--- dotfiles/.a", "+++ dotfiles/.a", "@@ -1,1 +1,2 @@", " one", "+two",
    ]  # fmt: skip
    assert diff_of(edit(Content(b"one\n", "755"))) == "old mode 100644\nnew mode 100755\n"
    assert diff_of(edit(None)) == "deleted file dotfiles/.a\n"


def test_a_secret_that_the_repository_has_does_not_keep_other_lines_out() -> None:
    assert "+two" in text("password = hunter2\none\n", "password = hunter2\none\ntwo\n")


@pytest.mark.parametrize(
    "after",
    [
        "one\npassword = hunter2\n",
        "one\ntoken: |\n  abc\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n",
        "one\n" + "x" * 3000 + "\n",
        "binary \0\n",
        "x\n" * 200_000,
    ],
)
def test_what_may_be_a_secret_is_not_written(after: str) -> None:
    with pytest.raises(ToolError, match=r"is not written to dotfiles/.a: it .*may hold a secret") as refused:
        text("one\n", after)

    assert "hunter2" not in str(refused.value) + refused.value.remedy + refused.value.said
    assert "/home/owner/.a on prtr" in refused.value.remedy


def test_a_file_of_secrets_is_known_by_its_name_there() -> None:
    with pytest.raises(ToolError, match="may hold a secret"):
        text("one\n", "two\n", path="/home/owner/.netrc")


def test_what_is_not_text_is_not_written() -> None:
    with pytest.raises(ToolError, match="cannot be shown"):
        diff_of(edit(Content(b"\xff\xfe", "644")))
