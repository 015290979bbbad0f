"""With `textconv` a diff is of what a program made of a file: the file itself is compared, shown and held to."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.tools.base import Job
from stems.tools.chezmoi.contents import CONVERTED, ENCRYPTED, PRIVATE
from stems.tools.chezmoi.failure import CONFLICT
from stems.tools.chezmoi.tool import apply
from tests.unit.tools.chezmoi.replay import OLD, Replay, bashrc, only, remembers
from tests.unit.tools.chezmoi.test_blocks import GONE, NEW

NEW_TEXT = OLD.replace("vim", "emacs")
"""Not what the recorded diff makes of it."""


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    node = Replay(tmp_path).install()
    (node.home / ".config/chezmoi").mkdir(parents=True)
    (node.home / ".config/chezmoi/chezmoi.toml").write_text('[[textConv]]\npattern = "**"\ncommand = "sort"\n')
    node.says("cat", NEW_TEXT)
    return node


def edited(node: Replay) -> Job:
    remembers(node, ".bashrc")
    return bashrc(node, "MM")


def test_the_diff_is_of_the_file_itself(node: Replay) -> None:
    change = only(node, edited(node))

    assert "-export EDITOR=vim\n+export EDITOR=emacs" in change.diff and CONVERTED not in change.note
    assert [call for call in node.calls if call.startswith("cat")] == [f"cat -- {node.home}/.bashrc"]


def test_what_is_new_and_what_goes_is_shown_too(node: Replay) -> None:
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW)
    assert "+export EDITOR=emacs" in only(node, node.job({"dot_config/private_a b": "x"})).diff

    (node.home / ".old").write_text("mine\n")
    (node.home / ".old").chmod(0o644)
    node.says("status", " D .old\n")
    node.says("diff", GONE)
    job = node.job({"dot_a": "a", ".chezmoiremove": ".old\n"})
    assert "-mine" in only(node, job).diff
    (node.home / ".old").chmod(0o600)
    assert (only(node, job).diff, PRIVATE in only(node, job).note) == ("", True)


def test_a_secret_is_asked_for_and_does_not_leave_the_node(node: Replay) -> None:
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW)
    job = node.job({"dot_config/encrypted_private_a b.age": "x"})
    first = only(node, job)
    node.says("cat", "another\n")
    second = only(node, job)

    assert (first.diff, first.note, second.diff) == ("", ENCRYPTED, "")
    assert first.after != second.after, "of which the converted text says nothing"


def test_a_later_edit_stops_the_deployment(node: Replay) -> None:
    job = edited(node)
    approved = [only(node, job)]
    (node.home / ".bashrc").write_text(f"{OLD}mine\n")

    with pytest.raises(ToolError) as raised:
        apply(job, node.site, approved)
    assert (raised.value.problem, raised.value.said) == (f"red: {CONFLICT}", f"{node.home}/.bashrc")


def test_what_was_compared_is_overwritten(node: Replay) -> None:
    job = edited(node)
    apply(job, node.site, [only(node, job)])

    assert [call for call in node.calls if call.startswith("apply")]


def test_where_chezmoi_does_not_tell_the_target_that_is_said(node: Replay) -> None:
    node.says("cat", err="chezmoi: .bashrc: not a file, script, or symlink\n", code=1)
    job = edited(node)
    change = only(node, job)

    assert change.note.endswith(CONVERTED) and "+export EDITOR=nano" in change.diff
    apply(job, node.site, [change])
    assert [call for call in node.calls if call.startswith("apply")], "it has nothing to be compared with"


def test_without_textconv_no_target_is_asked_for(node: Replay) -> None:
    (node.home / ".config/chezmoi/chezmoi.toml").unlink()
    only(node, edited(node))

    assert not [call for call in node.calls if call.startswith("cat")]
