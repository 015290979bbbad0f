"""What chezmoi was recorded to say becomes changes, and approved changes become calls that it understands."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.change import Change, Risk, Undo
from stems.model.observation import Present, Unknown
from stems.tools.base import Job, Preview
from stems.tools.chezmoi.apply import CONFLICT
from stems.tools.chezmoi.changes import EDITED, NOT_OURS
from stems.tools.chezmoi.tool import apply, preview, restore
from tests.unit.tools.chezmoi.replay import Replay
from tests.unit.tools.chezmoi.test_blocks import CHANGE, GONE, NEW

OLD = '# host vm os linux/amd64\nexport EDITOR=vim\nexport EMAIL="me@example.org"\n# bg BLACK\n'
SCRIPT = """\
diff --git a/a.sh b/a.sh
new file mode 100755
index 0000000000000000000000000000000000000000..02cb68aea6ff811186c7761ecf7f5997e9b549bb
--- /dev/null
+++ b/a.sh
@@ -0,0 +1 @@
+echo hello
"""


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    return Replay(tmp_path).install()


def previewed(node: Replay, job: Job) -> Preview:
    answer = preview(job, [node.site])["red"]
    assert isinstance(answer, Present), answer.reason
    return answer.value


def only(node: Replay, job: Job) -> Change:
    (change,) = previewed(node, job).changes
    return change


def remembers(node: Replay, *paths: str) -> None:
    node.says("state", json.dumps({"entryState": {f"{node.home}/{path}": {"type": "file"} for path in paths}}))


def bashrc(node: Replay, status: str = " M") -> Job:
    (node.home / ".bashrc").write_text(OLD)
    node.says("status", f"{status} .bashrc\n")
    node.says("diff", CHANGE)
    return node.job({"dot_bashrc.tmpl": "{{ .editor }}"}, deployment="1", editor="nano")


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


def test_what_an_external_brings_is_one_change(node: Replay) -> None:
    node.says("status", " A .zsh\n A .zsh/a b\n")
    node.says("diff", NEW.replace(".config", ".zsh"))
    node.says("managed", ".zsh\n.zsh/a b\n")
    seen = previewed(node, node.job({"dot_a": "", ".chezmoiexternal.toml": ""}))

    assert [(change.resource, change.note) for change in seen.changes] == [("external:~/.zsh", "2 of what it holds")]
    assert seen.notes == ("external: ~/.zsh",)


def test_links_into_the_stage_are_refused(node: Replay) -> None:
    """The stage of a commit goes some day, and the dotfiles with it."""
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW.replace("new file mode 100600", "new file mode 120000"))
    answer = preview(node.job({"dot_config/a b": "x"}), [node.site])["red"]

    assert isinstance(answer, Unknown) and 'mode = "symlink"' in answer.reason


def test_an_encrypted_file_is_not_shown(node: Replay) -> None:
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW)
    change = only(node, node.job({"dot_config/encrypted_private_a b.age": "x"}))

    assert change.diff == "" and "encrypted" in change.note


def test_a_digest_tells_nothing_without_the_nodes_key(node: Replay) -> None:
    job = bashrc(node)
    first = only(node, job)
    (Path(node.site.state) / "key").write_text("another key\n")

    assert only(node, job).after != first.after
    assert only(node, job).identity == only(node, job).identity


def test_a_change_that_chezmoi_does_not_show_is_unknown(node: Replay) -> None:
    node.says("status", " M .x\n")

    assert only(node, node.job({"dot_x": ""})).risk is Risk.UNKNOWN


def test_no_chezmoi_is_said_and_not_taken_for_nothing_to_do(tmp_path: Path) -> None:
    node = Replay(tmp_path)
    (node.folder / "answers").mkdir()

    assert previewed(node, node.job({"dot_a": ""})).blocked == "chezmoi is not on the node"


BAD = 'template: dot_bad.tmpl:1:5: executing "dot_bad.tmpl" at <.nosuchkey>: map has no entry for key "nosuchkey"'
BUSY = "timeout obtaining persistent state lock, is another instance of chezmoi running?"


@pytest.mark.parametrize(("said", "problem"), [(f".bad: {BAD}", f"red: .bad: {BAD}"), (BUSY, f"red: {BUSY}")])
def test_an_error_makes_the_node_unknown(node: Replay, said: str, problem: str) -> None:
    node.says("status", err=f"chezmoi: {said}\n", code=1)
    answer = preview(node.job({"dot_a": ""}), [node.site])["red"]

    assert isinstance(answer, Unknown) and answer.reason.startswith(problem)


def test_a_name_that_status_cannot_tell_is_an_error(node: Replay) -> None:
    node.says("status", " M a\nb\n")
    answer = preview(node.job({"dot_a": ""}), [node.site])["red"]

    assert isinstance(answer, Unknown) and "not a line of `chezmoi status`: 'b'" in answer.reason


def test_an_old_chezmoi_is_refused(node: Replay) -> None:
    node.says("version", "chezmoi version v2.62.7, commit 0123456\n")
    answer = preview(node.job({"dot_a": ""}), [node.site])["red"]

    assert isinstance(answer, Unknown) and "2.62.7 is too old, 2.71.0 is needed" in answer.reason


def test_variables_arrive_beside_the_users_own_configuration(node: Replay) -> None:
    previewed(node, node.job({"dot_a": ""}, nas_path="/nas"))

    log = (node.folder / "answers" / "log").read_text()
    assert f"--source {node.site.stage}/dotfiles --destination {node.home} --override-data-file" in log
    assert "--config" not in log and "--force" not in log
    assert not list(Path(node.site.state).glob(".chezmoi.*")), "nothing of it stays"


def test_what_the_users_configuration_says_of_reports_does_not_count(node: Replay) -> None:
    """`verbose` prints what is written, which may be a secret; a path style or a destination is about other files."""
    previewed(node, node.job({"dot_a": ""}))

    lines = [line for line in (node.folder / "answers/log").read_text().splitlines() if not line.startswith("version")]
    assert lines and all(f"--destination {node.home} " in line and " --verbose=false " in line for line in lines)
    assert "status --exclude=none --path-style=relative" in node.calls
    assert "diff --exclude=none --reverse=false --script-contents=true" in node.calls
    assert "managed --include=externals --path-style=relative" in node.calls


def test_modes_are_those_of_the_accounts_umask(node: Replay) -> None:
    """chezmoi takes its umask off every mode: with that of a private folder, every dotfile would become private."""
    kept = os.umask(0o027)
    try:
        previewed(node, node.job({"dot_a": ""}))
        assert (node.folder / "answers/umask").read_text() == "0027\n"
        apply(node.job({"dot_a": ""}, deployment="1"), node.site, ())
    finally:
        os.umask(kept)

    assert (node.folder / "answers/umask").read_text() == "0027\n"
    assert stat.S_IMODE(Path(node.site.left("chezmoi")).stat().st_mode) == 0o600


def test_chezmoi_itself_finds_where_the_source_begins(node: Replay) -> None:
    """A `.chezmoiversion` beside `.chezmoiroot` would not be read from below it."""
    previewed(node, node.job({".chezmoiroot": "home\n", "home/dot_a": ""}))

    assert f"--source {node.site.stage}/dotfiles --destination" in (node.folder / "answers/log").read_text()


def test_apply_answers_for_approved_conflicts_only(node: Replay) -> None:
    job = bashrc(node, "MM")
    remembers(node, ".bashrc")
    approved = previewed(node, job).changes
    apply(job, node.site, approved)

    assert [call for call in node.calls if call.startswith("apply")] == [
        f"apply --exclude=scripts,externals --recursive=false -- {node.home}/.bashrc",
        "apply --error-on-conflict --refresh-externals=never",
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

    assert list(restore(job, node.site)) == []
    assert (node.home / ".bashrc").read_text() == OLD
    key = f"--bucket=entryState --key={node.home}/.bashrc"
    assert node.calls[-1] == f'state set {key} --value={{"type":"file"}}'


def test_what_was_not_there_is_forgotten_again(node: Replay) -> None:
    node.says("status", " A .config/a b\n")
    node.says("diff", NEW)
    job = node.job({"dot_config/private_a b": "one\ntwo"}, deployment="1")
    apply(job, node.site, previewed(node, job).changes)

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
