"""How chezmoi is called on a node, and what it says when something is wrong."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.model.observation import Unknown
from stems.tools.chezmoi.tool import apply, preview
from tests.support.dotfiles import Files
from tests.unit.tools.chezmoi.replay import Replay, bashrc, previewed, remembers

BAD = 'template: dot_bad.tmpl:1:5: executing "dot_bad.tmpl" at <.nosuchkey>: map has no entry for key "nosuchkey"'
BUSY = "timeout obtaining persistent state lock, is another instance of chezmoi running?"


@pytest.fixture
def node(tmp_path: Path) -> Replay:
    return Replay(tmp_path).install()


def test_no_chezmoi_is_said_and_not_taken_for_nothing_to_do(tmp_path: Path) -> None:
    node = Replay(tmp_path)
    (node.folder / "answers").mkdir()

    assert previewed(node, node.job({"dot_a": ""})).blocked == "chezmoi is not on the node"


@pytest.mark.parametrize(("said", "problem"), [(f".bad: {BAD}", f"red: .bad: {BAD}"), (BUSY, f"red: {BUSY}")])
def test_an_error_makes_the_node_unknown(node: Replay, said: str, problem: str) -> None:
    node.says("status", err=f"chezmoi: {said}\n", code=1)
    answer = preview(node.job({"dot_a": ""}), [node.site])["red"]

    assert isinstance(answer, Unknown) and answer.reason.startswith(problem)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        (BUSY, "wait until the other chezmoi on red has ended"),
        ("source state requires chezmoi version 99.0.0 or later, chezmoi is version 2.72.0", "lower .chezmoiversion"),
        (f".bad: {BAD}", "give it under `variables` in config/cluster.yml"),
        ("x: no such file or directory", "`chezmoi doctor` on red may tell more"),
    ],
)
def test_an_error_says_what_to_do(node: Replay, said: str, remedy: str) -> None:
    node.says("apply", err=f"chezmoi: {said}\n", code=1)

    with pytest.raises(ToolError) as raised:
        apply(node.job({"dot_a": ""}, deployment="1"), node.site, ())
    assert remedy in raised.value.remedy


def test_a_changed_template_of_the_configuration_is_a_note_that_says_what_to_do(node: Replay) -> None:
    node.says(
        "status", err="chezmoi: warning: config file template has changed, run chezmoi init to regenerate config file\n"
    )
    (note,) = previewed(node, node.job({"dot_a": "", ".chezmoi.toml.tmpl": ""})).notes

    assert f"`chezmoi --source {node.home}/colab/dotfiles init` on red" in note


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
    previewed(node, node.job({"dot_a": "", "dot_b/.chezmoiexternal.yaml": ""}))

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


def test_what_hooks_write_is_neither_answer_nor_note(node: Replay) -> None:
    """chezmoi gives them its own output. `read-source-state` has hooks in whatever reads the source."""
    job = bashrc(node)
    remembers(node, ".bashrc")
    node.says("hook", " M looks like a change\n+ of a line\n", "password: hunter2\n")
    seen = previewed(node, job)
    (change,) = seen.changes

    assert (change.resource, change.note, seen.notes) == ("file:~/.bashrc", "", ())
    assert change.diff.endswith(" # bg BLACK\n")
    apply(job, node.site, seen.changes)
    assert (Path(node.site.state) / "before/1/chezmoi.memory.json").read_text().startswith("{")


def test_a_warning_shows_no_secret(node: Replay) -> None:
    node.says("status", err="chezmoi: warning: .netrc: password: hunter2\nchezmoi: warning: an odd name\n")

    assert previewed(node, node.job({"dot_a": ""})).notes == (
        "warning: .netrc: password: ‹redacted›",  # noqa: RUF001  # as it is shown
        "warning: an odd name",
    )


def test_an_answer_that_was_not_written_is_no_empty_one(node: Replay) -> None:
    node.does("status", "output=/dev/null")
    answer = preview(node.job({"dot_a": ""}), [node.site])["red"]

    assert isinstance(answer, Unknown)


def test_a_question_of_the_configuration_is_not_asked(node: Replay) -> None:
    previewed(node, node.job({"dot_a": ""}))

    assert (
        "--interactive=false --less-interactive=false --keep-going=false" in (node.folder / "answers/log").read_text()
    )


@pytest.mark.parametrize("said", [f"chezmoi: {BUSY}\n", "chezmoi: permission denied\n"])
def test_a_memory_that_cannot_be_read_is_said_by_chezmoi(node: Replay, said: str) -> None:
    node.says("state", err=said, code=1)

    with pytest.raises(ToolError) as raised:
        apply(node.job({"dot_a": ""}, deployment="1"), node.site, ())
    assert raised.value.problem == f"red: {said.removeprefix('chezmoi: ').strip()}"


TEMPLATE: Files = {
    "dot_a.tmpl": "{{ .mail }}",
    ".chezmoi.toml.tmpl": '[data]\nmail = {{ promptString "mail" | quote }}',
}


def test_a_node_without_configuration_is_told_how_it_gets_one(node: Replay) -> None:
    node.says("status", err=f"chezmoi: .a: {BAD}\n", code=1)
    answer = preview(node.job(TEMPLATE), [node.site])["red"]

    assert isinstance(answer, Unknown) and BAD in answer.error.problem
    assert answer.error.remedy.startswith(f"on red: `chezmoi --source {node.site.stage}/dotfiles init`")
    assert "dotfiles/.chezmoi.toml.tmpl makes one" in answer.error.said


@pytest.mark.parametrize("said", [BUSY, BAD])
def test_a_configuration_is_not_made_anew_for_something_else(node: Replay, said: str) -> None:
    node.says("status", err=f"chezmoi: {said}\n", code=1)
    if said == BAD:
        (node.home / ".config/chezmoi").mkdir(parents=True)
        (node.home / ".config/chezmoi/chezmoi.yaml").write_text("data: {}\n")
    answer = preview(node.job(TEMPLATE), [node.site])["red"]

    assert isinstance(answer, Unknown) and " init" not in answer.error.remedy


MEETS = """
: >"$answers/$name.began"
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
  [ ! -e "$answers/{other}.began" ] || {{ echo met >"$answers/$name.met"; break; }}
  sleep 0.1
done
"""
"""Ends when the other one has begun, and for certain after three seconds."""


def met(node: Replay, files: Files) -> list[str]:
    for name, other in (("status", "diff"), ("diff", "status")):
        node.does(name, MEETS.format(other=other))
    previewed(node, node.job(files))
    return sorted(path.stem for path in (node.folder / "answers").glob("*.met"))


def test_what_only_reads_is_asked_at_once(node: Replay) -> None:
    """Each start reads the whole source, and a small computer has more than one processor."""
    assert met(node, {"dot_a": ""}) == ["diff", "status"]


ASKING: Files = {"dot_a.tmpl": '{{ pass "a" }}'}
IGNORING: Files = {"dot_a": "", ".chezmoiignore": '{{ output "who" }}'}
EXTERNAL: Files = {"dot_a": "", ".chezmoiexternal.toml": ""}


@pytest.mark.parametrize("files", [ASKING, IGNORING, EXTERNAL], ids=["for secrets", "in patterns", "externals"])
def test_what_others_answer_is_asked_once_at_a_time(node: Replay, files: Files) -> None:
    assert met(node, files) == ["diff"], "it came after the other had ended"


def test_hooks_are_not_run_twice_at_once(node: Replay) -> None:
    (node.home / ".config/chezmoi").mkdir(parents=True)
    (node.home / ".config/chezmoi/chezmoi.toml").write_text('[hooks.read-source-state.pre]\ncommand = "true"\n')

    assert met(node, {"dot_a": ""}) == ["diff"]
