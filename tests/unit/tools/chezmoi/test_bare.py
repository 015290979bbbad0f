"""A file of which the diff shows a head alone: chezmoi shows no mode below those that Git knows, as from 600 to 644."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.change import Risk
from stems.tools.base import Job
from stems.tools.chezmoi.changes import EDITED, NOT_OURS, OTHER_MODE
from stems.tools.chezmoi.failure import CONFLICT
from stems.tools.chezmoi.tool import apply
from tests.unit.tools.chezmoi.replay import Replay, only, remembers
from tests.unit.tools.chezmoi.test_blocks import NEW

HEAD = "diff --git a/a b/c b/a b/c\n"


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    node = Replay(tmp_path).install()
    (node.home / "a b").mkdir()
    (node.home / "a b/c").write_text("one\n")
    (node.home / "a b/c").chmod(0o600)
    node.says("diff", HEAD + NEW)
    node.says("dump-config", '{\n  "data": {\n    "umask": "x"\n  },\n  "umask": 18\n}\n')
    return node


def private(node: Replay, status: str = "MM", name: str = "a b/c") -> Job:
    node.says("status", f"{status} a b/c\n")
    if status == "MM":
        remembers(node, "a b/c")
    return node.job({name: "one\n"}, deployment="1")


def test_a_mode_that_was_changed_by_hand_is_drift(node: Replay) -> None:
    change = only(node, private(node))

    assert (change.by_hand, change.risk) == (True, Risk.DESTRUCTIVE)
    assert change.note == f"{EDITED}; mode 600 becomes 644"
    assert len(change.before) == len(change.after) == 64 and change.before != change.after


def test_a_mode_that_the_commit_changes_is_pending(node: Replay) -> None:
    job = private(node, " M", "a b/executable_c")
    remembers(node, "a b/c")
    change = only(node, job)

    assert (change.by_hand, change.risk, change.note) == (False, Risk.USER, "mode 600 becomes 755")


def test_the_mode_of_a_file_that_chezmoi_never_wrote_is_not_changed_unasked(node: Replay) -> None:
    change = only(node, private(node, " M"))

    assert (change.risk, change.note) == (Risk.DESTRUCTIVE, f"{NOT_OURS}; mode 600 becomes 644")


@pytest.mark.parametrize("said", ["", "{}", '{\n    "umask": 18\n}'])
def test_where_the_umask_is_not_told_no_mode_is_made_up(node: Replay, said: str) -> None:
    node.says("dump-config", said)
    change = only(node, private(node))

    assert (change.note, change.after) == (f"{EDITED}; {OTHER_MODE}", "")


def test_a_difference_that_textconv_hides_is_shown(node: Replay) -> None:
    (node.home / "a b/c").chmod(0o644)
    (node.home / ".config/chezmoi").mkdir(parents=True)
    (node.home / ".config/chezmoi/chezmoi.toml").write_text('[[textconv]]\npattern = "**"\n')
    node.says("cat", "two\n")
    change = only(node, private(node))

    assert (change.note, change.by_hand, change.diff.splitlines()[3:]) == (EDITED, True, ["-one", "+two"])
    assert len(change.before) == len(change.after) == 64 and change.before != change.after


def test_what_was_compared_is_overwritten(node: Replay) -> None:
    job = private(node)
    apply(job, node.site, [only(node, job)])

    assert [call for call in node.calls if call.startswith("apply")]


@pytest.mark.parametrize("edit", ["echo two >>c", "chmod 640 c"])
def test_a_later_edit_is_not(node: Replay, edit: str) -> None:
    job = private(node)
    approved = [only(node, job)]
    path = node.home / "a b/c"
    if edit.startswith("echo"):
        path.write_text("one\ntwo\n")
    else:
        path.chmod(0o640)

    with pytest.raises(ToolError) as raised:
        apply(job, node.site, approved)
    assert raised.value.problem == f"red: {CONFLICT}"


def test_a_head_with_a_line_of_a_hook_behind_it_is_still_one(node: Replay) -> None:
    node.says("diff", f"{HEAD}a hook of mine\n")

    assert only(node, private(node)).note.endswith("mode 600 becomes 644")
