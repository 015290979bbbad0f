"""A lab's repository is whole or not there, and never taken from somebody who works in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.__main__ import run
from stems.errors import ConfigurationError, ExitCode, ToolError, UsageError
from stems.infrastructure.lab import state
from stems.infrastructure.lab.clone import CLUSTER, up_for
from stems.infrastructure.lab.down import WorkInTheWayError, down
from stems.infrastructure.lab.repository import commit_all, git, has_repository, make_repository, work_in
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner

RUNNER = LocalRunner()
MERGED = "base: &base\n  ssh: {host: a.example}\nnodes:\n  a:\n    <<: *base\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


@pytest.fixture
def lab() -> Lab:
    folder = state.lab_folder("mine")
    folder.mkdir(parents=True)
    return Lab("mine", folder, folder / "repository", nodes=())


def write(folder: Path) -> str:
    folder.mkdir()
    (folder / "page").write_text("lab\n")
    git(folder, "init", "--quiet", "--initial-branch=main", runner=RUNNER)
    return commit_all(folder, "Begin", RUNNER)


def fail_half_way(folder: Path) -> str:
    write(folder)
    (folder / "page").write_text("half\n")
    raise ToolError("Git refused")


def test_half_a_repository_is_never_at_its_place(lab: Lab) -> None:
    with pytest.raises(ToolError):
        make_repository(lab, fail_half_way)

    assert not lab.repository.exists()
    assert not has_repository(lab)


def test_second_attempt_makes_it(lab: Lab) -> None:
    with pytest.raises(ToolError):
        make_repository(lab, fail_half_way)

    made = make_repository(lab, write)

    assert has_repository(made)
    assert state.load("mine") == made
    assert git(made.repository, "status", "--porcelain", runner=RUNNER) == ""
    assert not (lab.folder / "repository.new").exists()


def test_empty_folder_of_a_person_stays_the_same_folder(lab: Lab, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    before = own.stat().st_ino

    made = make_repository(Lab("mine", lab.folder, own, nodes=()), write)

    assert (own.stat().st_ino, work_in(made, RUNNER)) == (before, "")


def test_folder_that_holds_something_is_not_written_to(lab: Lab) -> None:
    lab.repository.mkdir()
    (lab.repository / "mine").touch()

    with pytest.raises(UsageError, match="not empty"):
        make_repository(lab, write)


@pytest.mark.parametrize(
    ("words", "work"),
    [
        ((), ""),
        (("commit", "--quiet", "--allow-empty", "-m", "mine"), "1 commit of yours"),
        (("branch", "stems/deployments"), ""),
    ],
)
def test_work_is_what_a_person_committed(lab: Lab, words: tuple[str, ...], work: str) -> None:
    made = make_repository(lab, write)
    if words:
        git(made.repository, *words, runner=RUNNER)

    assert work_in(made, RUNNER) == work


def test_stashed_changes_are_work(lab: Lab) -> None:
    made = make_repository(lab, write)
    (made.repository / "page").write_text("mine\n")
    git(made.repository, "stash", "--quiet", runner=RUNNER)

    assert work_in(made, RUNNER) == "changes that are stashed"


def test_another_story_does_not_take_the_work_of_a_person(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    made = make_repository(lab, write)
    (made.repository / "page").write_text("mine\n")
    commit_all(made.repository, "Write", RUNNER)

    assert run(["lab", "demo", "--name", "mine"]) == ExitCode.FAILED

    said = capsys.readouterr().err
    assert "holds 1 commit of yours" in said
    assert "stems lab down --name mine --force" in said
    assert (made.repository / "page").read_text() == "mine\n"


def test_a_repository_in_a_lab_is_known_for_one(lab: Lab, tmp_path: Path) -> None:
    made = make_repository(lab, write)
    (tmp_path / "link").symlink_to(made.repository)

    assert state.is_of_a_lab(tmp_path / "link")
    assert not state.is_of_a_lab(tmp_path / "mine")


def test_repository_that_nobody_knows_is_work(lab: Lab) -> None:
    write(lab.repository)

    assert work_in(lab, RUNNER) == "a repository that `lab up` did not make"


def test_repository_that_git_cannot_read_is_not_taken_down(lab: Lab) -> None:
    made = make_repository(lab, write)
    (made.repository / ".git" / "HEAD").write_text("broken\n")

    with pytest.raises(WorkInTheWayError) as refused:
        down("mine", RUNNER)

    assert "not a git repository" in refused.value.said
    assert refused.value.remedy.endswith("`stems lab down --name mine --force`")


def test_address_that_cannot_be_replaced_is_refused_before_anything_starts(tmp_path: Path) -> None:
    original = tmp_path / "original"
    (original / "config").mkdir(parents=True)
    (original / CLUSTER).write_text(MERGED)
    git(original, "init", "--quiet", runner=RUNNER)
    commit_all(original, "Begin", RUNNER)

    with pytest.raises(ConfigurationError, match="cannot be replaced"):
        up_for("copy", original, RUNNER, say=print)

    assert not state.lab_folder("copy").exists()


def test_original_that_git_does_not_show_is_told_in_gits_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        up_for("copy", tmp_path, RUNNER, say=print)

    assert "not a git repository" in refused.value.said
