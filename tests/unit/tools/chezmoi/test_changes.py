"""What chezmoi was recorded to say becomes changes that people and plans understand."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.model.change import Risk, Undo
from stems.model.observation import Unknown
from stems.tools.chezmoi.changes import EDITED, NOT_OURS
from stems.tools.chezmoi.tool import preview
from tests.unit.tools.chezmoi.replay import SCRIPT, Replay, bashrc, only, previewed, remembers
from tests.unit.tools.chezmoi.test_blocks import GONE, NEW


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    return Replay(tmp_path).install()


def test_a_pending_change(node: Replay) -> None:
    job = bashrc(node)
    remembers(node, ".bashrc")
    change = only(node, job)

    assert (change.resource, change.action, change.risk, change.by_hand) == (
        "file:~/.bashrc", "change", Risk.USER, False,
    )  # fmt: skip
    assert change.source == "dotfiles/dot_bashrc.tmpl"
    assert "-export EDITOR=vim\n+export EDITOR=nano" in change.diff
    assert len(change.before) == len(change.after) == 64 and change.before != change.after


def test_what_chezmoi_never_wrote_is_not_overwritten_without_being_asked(node: Replay) -> None:
    """By itself it would write over it without a word."""
    change = only(node, bashrc(node))

    assert (change.risk, change.note, change.undo) == (Risk.DESTRUCTIVE, NOT_OURS, Undo.BY_BACKUP)


def test_a_hand_edit_is_drift_that_a_person_must_give_up(node: Replay) -> None:
    job = bashrc(node, "MM")
    remembers(node, ".bashrc")
    change = only(node, job)

    assert (change.by_hand, change.risk, change.note) == (True, Risk.DESTRUCTIVE, EDITED)


def test_what_others_write_into_a_modified_file_is_no_hand_edit(node: Replay) -> None:
    """chezmoi asks nobody about it: the script only changes its own part."""
    job = bashrc(node, "MM")
    remembers(node, ".bashrc")
    change = only(node, node.job({"modify_dot_bashrc": "#!/bin/sh\nsed s/vim/nano/\n"}, deployment="1"))

    assert (change.by_hand, change.risk, change.note) == (False, Risk.USER, "")
    assert only(node, job).by_hand


def test_a_file_that_was_deleted_by_hand_is_created_again(node: Replay) -> None:
    node.says("status", "DA .config/a b\n")
    node.says("diff", NEW)
    change = only(node, node.job({"dot_config/private_a b": "one\ntwo"}))

    assert (change.action, change.by_hand, change.risk, change.before) == ("create", True, Risk.USER, "")


def test_new_folders_and_removed_files(node: Replay) -> None:
    (node.home / ".old").write_text("x\n")
    node.says("status", " A .config\n A .config/a b\n D .old\n")
    node.says("diff", NEW + GONE)
    job = node.job({"dot_config/private_a b": "one\ntwo", ".chezmoiremove": ".old\n"})
    changes = previewed(node, job).changes

    assert [(change.resource, change.action, change.risk) for change in changes] == [
        ("dir:~/.config", "create", Risk.USER),
        ("file:~/.config/a b", "create", Risk.USER),
        ("file:~/.old", "remove", Risk.DESTRUCTIVE),
    ]


def test_a_script_will_run_and_is_shown(node: Replay) -> None:
    node.says("status", " R a.sh\n")
    node.says("diff", SCRIPT)
    change = only(node, node.job({"run_once_a.sh": "echo hello\n"}))

    assert (change.resource, change.action, change.risk, change.undo) == (
        "script:a.sh", "run", Risk.UNKNOWN, Undo.NO,
    )  # fmt: skip
    assert "+echo hello" in change.diff and change.note == "runs once, effect not predictable"


def test_a_way_in_is_of_class_network(node: Replay) -> None:
    node.says("status", " A .ssh/authorized_keys\n")
    node.says("diff", NEW.replace(".config/a b", ".ssh/authorized_keys"))

    assert only(node, node.job({"private_dot_ssh/private_authorized_keys": "x"})).risk is Risk.NETWORK


def test_links_into_the_stage_are_refused(node: Replay) -> None:
    """The stage of a commit goes some day, and the dotfiles with it."""
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW.replace("new file mode 100600", "new file mode 120000"))
    answer = preview(node.job({"dot_config/a b": "x"}), [node.site])["red"]

    assert isinstance(answer, Unknown) and 'mode = "symlink"' in answer.reason


def test_a_change_that_chezmoi_does_not_show_is_unknown(node: Replay) -> None:
    node.says("status", " M .x\n")

    assert only(node, node.job({"dot_x": ""})).risk is Risk.UNKNOWN
