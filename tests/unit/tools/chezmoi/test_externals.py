"""What .chezmoiexternal brings is one change: approved, applied and taken back together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stems.tools.base import Job
from stems.tools.chezmoi.tool import apply, restore
from tests.support.dotfiles import photograph
from tests.unit.tools.chezmoi.replay import Replay, previewed, remembers
from tests.unit.tools.chezmoi.test_blocks import NEW


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    return Replay(tmp_path).install()


def test_what_an_external_brings_is_one_change(node: Replay) -> None:
    node.says("status", " A .zsh\n A .zsh/a b\n")
    node.says("diff", NEW.replace(".config", ".zsh"))
    node.says("managed", ".zsh\n.zsh/a b\n")
    seen = previewed(node, node.job({"dot_a": "", ".chezmoiexternal.toml": ""}))

    assert [(change.resource, change.note) for change in seen.changes] == [("external:~/.zsh", "2 of what it holds")]
    assert seen.notes == ("external: ~/.zsh",)


def test_every_external_is_named_once(node: Replay) -> None:
    node.says("managed", ".config/nvim/pack\n.config/nvim/pack/a\n.zsh\n.zsh/a\n.zshrc\n")

    assert previewed(node, node.job({"dot_a": "", ".chezmoiexternals/zsh.toml": ""})).notes == (
        "external: ~/.config/nvim/pack", "external: ~/.zsh", "external: ~/.zshrc",
    )  # fmt: skip


def external(node: Replay, status: str) -> Job:
    node.says("status", status)
    node.says("diff", NEW.replace(".config", ".zsh"))
    node.says("managed", ".zsh\n.zsh/a b\n")
    return node.job({"dot_a": "", ".chezmoiexternal.toml": ""}, deployment="1")


def test_an_approved_external_is_answered_together_and_nothing_is_fetched_anew(node: Replay) -> None:
    job = external(node, " A .zsh\nDA .zsh/a b\n")
    (change,) = approved = previewed(node, job).changes
    assert change.by_hand
    apply(job, node.site, approved)

    assert [call for call in node.calls if call.startswith("apply")] == [
        f"apply --refresh-externals=never --exclude=scripts --parent-dirs --recursive=true -- {node.home}/.zsh",
        "apply --error-on-conflict --refresh-externals=never --exclude=externals",
    ]


@pytest.mark.parametrize("was_there", [True, False])
def test_what_an_external_brought_is_taken_back_whole(node: Replay, was_there: bool) -> None:
    folder = node.home / ".zsh"
    if was_there:
        (folder / "sub").mkdir(parents=True)
        (folder / "sub/old").write_text("old\n")
    before = photograph(node.home)
    job = external(node, " A .zsh\n A .zsh/a b\n")
    # The recording writes nothing itself: what it would bring comes with the script of its own call.
    node.does("apply", f"mkdir -p {folder} && rm -rf {folder}/sub && echo new >{folder}/'a b'")
    apply(job, node.site, previewed(node, job).changes)
    assert (folder / "a b").exists() and not (folder / "sub").exists()
    remembers(node, ".zsh", ".zsh/a b")

    assert list(restore(job, node.site)) == []
    assert photograph(node.home) == before
    assert [call.partition("--key=")[2] for call in node.calls if "state delete" in call] == [
        f"{folder}", f"{folder}/a b",
    ]  # fmt: skip
    assert list(restore(job, node.site)) == []
    assert photograph(node.home) == before


def test_what_was_edited_in_an_external_since_is_left(node: Replay) -> None:
    folder = node.home / ".zsh"
    job = external(node, " A .zsh\n A .zsh/a b\n")
    node.does("apply", f"mkdir -p {folder} && echo new >{folder}/new")
    apply(job, node.site, previewed(node, job).changes)
    (folder / "new").write_text("mine\n")

    assert list(restore(job, node.site)) == [f"{folder}: changed since, left as it is"]
    assert (folder / "new").read_text() == "mine\n"


def test_a_source_without_externals_is_not_asked_for_them(node: Replay) -> None:
    previewed(node, node.job({"dot_a": ""}))

    assert not [call for call in node.calls if call.startswith("managed")]


def test_a_directory_above_an_external_is_applied_with_externals(node: Replay) -> None:
    """chezmoi makes it for the external, so it would leave it out, too."""
    node.says("status", " A .config\n")
    node.says("diff", NEW)
    node.says("managed", ".config/zsh\n")
    job = node.job({"dot_a": "", ".chezmoiexternal.toml": ""}, deployment="1")
    apply(job, node.site, previewed(node, job).changes)

    assert [call for call in node.calls if call.startswith("apply")] == [
        "apply --error-on-conflict --refresh-externals=never --exclude=scripts --parent-dirs --recursive=false "
        f"-- {node.home}/.config",
        "apply --error-on-conflict --refresh-externals=never --exclude=externals",
    ]


def test_one_external_is_not_the_approval_of_another(node: Replay) -> None:
    """chezmoi pulls every repository that is due, and shows none of it beforehand."""
    job = external(node, " A .zsh\n A .zsh/a b\n")
    apply(job, node.site, previewed(node, job).changes)

    assert [call for call in node.calls if call.startswith("apply")] == [
        "apply --error-on-conflict --refresh-externals=never --exclude=scripts --parent-dirs --recursive=true "
        f"-- {node.home}/.zsh",
        "apply --error-on-conflict --refresh-externals=never --exclude=externals",
    ]


def cloned(node: Replay, *paths: str) -> None:
    bucket = {f"{node.home}/{path}": {"name": f"{node.home}/{path}", "runAt": "2026-08-01T00:00:00Z"} for path in paths}
    node.says("state", json.dumps({"gitRepoExternalState": bucket}))


def test_a_repository_that_is_gone_is_cloned_again(node: Replay) -> None:
    """chezmoi itself sees nothing to do, because it remembers to have cloned it."""
    node.says("managed", ".there\n.plugin\n")
    (node.home / ".there").mkdir()
    cloned(node, ".there", ".plugin", ".not-managed-any-more")
    job = node.job({"dot_a": "", ".chezmoiexternal.toml": ""}, deployment="1")
    (change,) = previewed(node, job).changes

    assert (change.resource, change.action, change.by_hand) == ("external:~/.plugin", "create", True)
    apply(job, node.site, [change])
    assert node.calls[-4] == f"state delete --bucket=gitRepoExternalState --key={node.home}/.plugin"
    assert node.calls[-3].startswith("apply ") and node.calls[-3].endswith(f" {node.home}/.plugin")


def test_a_repository_that_was_taken_back_is_not_remembered(node: Replay) -> None:
    job = external(node, " A .zsh\n A .zsh/a b\n")
    apply(job, node.site, previewed(node, job).changes)
    cloned(node, ".zsh")

    assert list(restore(job, node.site)) == []
    assert node.calls[-1] == f"state delete --bucket=gitRepoExternalState --key={node.home}/.zsh"
