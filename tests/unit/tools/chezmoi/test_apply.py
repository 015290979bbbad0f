"""Approved changes become calls that chezmoi understands, and are taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.infrastructure.command import Effect, script
from stems.infrastructure.local import LocalRunner
from stems.tools.chezmoi.failure import CONFLICT
from stems.tools.chezmoi.tool import apply, restore
from tests.unit.tools.chezmoi.replay import OLD, Replay, bashrc, previewed, remembers
from tests.unit.tools.chezmoi.test_blocks import CHANGE, NEW


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    return Replay(tmp_path).install()


def test_apply_answers_for_approved_conflicts_only(node: Replay) -> None:
    job = bashrc(node, "MM")
    remembers(node, ".bashrc")
    approved = previewed(node, job).changes
    apply(job, node.site, approved)

    assert [call for call in node.calls if call.startswith("apply")] == [
        f"apply --refresh-externals=never --exclude=scripts,externals --recursive=false -- {node.home}/.bashrc",
        "apply --error-on-conflict --refresh-externals=never --exclude=externals",
    ]


def test_a_conflict_that_came_meanwhile_stops(node: Replay) -> None:
    """The real one says nothing at all then."""
    job = bashrc(node)
    approved = previewed(node, job).changes
    node.says("apply", code=1)

    with pytest.raises(ToolError) as raised:
        apply(job, node.site, approved)
    assert raised.value.problem == f"red: {CONFLICT}"


def test_what_was_there_comes_back_and_chezmoi_remembers_it(node: Replay) -> None:
    job = bashrc(node)
    remembers(node, ".bashrc")
    approved = previewed(node, job).changes
    # The recording writes nothing itself: somebody who does so during the deployment does it for it.
    apply(job, node.site, approved)
    before = (Path(node.site.state) / "before/1/chezmoi.memory.json").read_text()
    assert json.loads(before)["entryState"]
    remembers(node, ".bashrc", ".other", kind="symlink")

    assert list(restore(job, node.site)) == []
    assert (node.home / ".bashrc").read_text() == OLD
    key = f"--bucket=entryState --key={node.home}/.bashrc"
    assert node.calls[-1] == f'state set {key} --value={{"type":"file"}}'


def test_what_was_not_there_is_forgotten_again(node: Replay) -> None:
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW)
    job = node.job({"dot_config/private_a b": "one\ntwo"}, deployment="1")
    apply(job, node.site, previewed(node, job).changes)
    remembers(node, ".config/a b")

    assert list(restore(job, node.site)) == []
    assert node.calls[-1] == f"state delete --bucket=entryState --key={node.home}/.config/a b"


def test_taking_back_what_was_never_begun_does_nothing(node: Replay) -> None:
    assert list(restore(node.job({"dot_a": ""}, deployment="1"), node.site)) == []
    assert not (node.folder / "answers" / "log").exists()


def test_what_chezmoi_left_is_noted_except_what_others_may_write(node: Replay) -> None:
    for name in (".bashrc", ".mine"):
        (node.home / name).write_text("x\n")
    node.says("managed", f"{node.home}/.bashrc\0{node.home}/.mine\0")
    job = node.job({"dot_bashrc": "x\n", "create_dot_mine": "x\n"}, deployment="1")
    apply(job, node.site, ())

    left = Path(node.site.left("chezmoi")).read_text()
    assert left.endswith(f"  {node.home}/.bashrc\n") and left.count("\n") == 1
    assert list(restore(job, node.site)) == []
    assert not Path(node.site.left("chezmoi")).exists(), "`status` compares with it"


def test_that_a_script_ran_stays_true(node: Replay) -> None:
    job = bashrc(node)
    apply(job, node.site, previewed(node, job).changes)
    remembers(node, ".bashrc", kind="script")

    assert list(restore(job, node.site)) == []
    assert not [call for call in node.calls if call.startswith(("state set", "state delete"))]


def test_a_directory_stays_for_the_memory_that_is_in_it(node: Replay) -> None:
    """On a fresh node chezmoi itself makes ~/.config, and goes on to keep there what it knows."""
    node.says("status", " A .config\n A .config/a b\n")
    node.says("diff", NEW)
    node.does(
        "apply", f"mkdir -p {node.home}/.config/chezmoi && echo x >{node.home}/.config/chezmoi/chezmoistate.boltdb"
    )
    job = node.job({"dot_config/private_a b": "one\ntwo"}, deployment="1")
    apply(job, node.site, previewed(node, job).changes)

    assert list(restore(job, node.site)) == []
    assert [path.name for path in (node.home / ".config").iterdir()] == ["chezmoi"]


def test_a_question_is_not_what_went_wrong(node: Replay) -> None:
    job = bashrc(node, "MM")
    remembers(node, ".bashrc")
    approved = previewed(node, job).changes
    node.says("apply", ".bashrc has changed since chezmoi last wrote it? ", "chezmoi: a.sh: exit status 3\n", code=1)

    with pytest.raises(ToolError) as raised:
        apply(job, node.site, approved)
    assert (raised.value.problem, raised.value.said) == ("red: a.sh: exit status 3", "")


@pytest.mark.parametrize("status", [" M", "MM"])
@pytest.mark.parametrize("act", ["echo more >>.bashrc", "chmod 755 .bashrc", "rm .bashrc"])
def test_what_was_approved_to_be_given_up_is_that_and_no_later_edit(node: Replay, status: str, act: str) -> None:
    """chezmoi would not ask about a file that it never wrote, and a conflict is answered whatever it is by then."""
    job = bashrc(node, status)
    if status == "MM":
        remembers(node, ".bashrc")
    approved = previewed(node, job).changes
    shell(node, act)

    with pytest.raises(ToolError) as raised:
        apply(job, node.site, approved)
    assert (raised.value.problem, raised.value.said) == (f"red: {CONFLICT}", f"{node.home}/.bashrc")
    assert not [call for call in node.calls if call.startswith("apply")]


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o4755, 0o40])
def test_what_is_as_it_was_compared_is_overwritten(node: Replay, mode: int) -> None:
    """Whichever way chezmoi shows a mode."""
    job = bashrc(node)
    for shown in (0o100000 | mode & 0o777, 0o100644 | mode & 0o777):
        node.says("diff", CHANGE.replace(" 100644", f" {shown:o}"))
        approved = previewed(node, job).changes
        (node.home / ".bashrc").chmod(mode)
        apply(job, node.site, approved)

    assert len([call for call in node.calls if call.startswith("apply")]) == 2


@pytest.mark.parametrize("was", ["ln -sf /etc/hosts .bashrc", "rm .bashrc; mkdir .bashrc"])
def test_a_link_or_directory_that_becomes_a_file_is_overwritten(node: Replay, was: str) -> None:
    job = bashrc(node)
    approved = previewed(node, job).changes
    shell(node, was)
    apply(job, node.site, approved)

    assert [call for call in node.calls if call.startswith("apply")]


def test_what_came_since_is_not_overwritten(node: Replay) -> None:
    node.says("status", " A .config\n A .config/a b\n")
    node.says("diff", NEW)
    job = node.job({"dot_config/private_a b": "one\ntwo"}, deployment="1")
    approved = previewed(node, job).changes
    shell(node, "mkdir .config; echo mine >.config/'a b'")

    with pytest.raises(ToolError) as raised:
        apply(job, node.site, approved)
    assert (raised.value.problem, raised.value.said) == (f"red: {CONFLICT}", f"{node.home}/.config/a b")


def shell(node: Replay, text: str) -> None:
    result = LocalRunner().run(script(f"cd {node.home} && {text}\n", Effect.WRITES))
    assert result.ok, result.errors
