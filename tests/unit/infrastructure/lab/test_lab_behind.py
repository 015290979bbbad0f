"""A lab that is asked for again says which commits of the original it does not have, and how to bring them."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import UsageError
from stems.infrastructure.lab.behind import behind
from stems.infrastructure.lab.repository import commit_all, git
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner

RUNNER = LocalRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)


def made(folder: Path) -> Path:
    git(folder.parent, "init", "--quiet", "--initial-branch=main", str(folder), runner=RUNNER)
    add(folder, "page")
    return folder


def add(folder: Path, name: str) -> None:
    (folder / name).write_text(f"{folder} {name}\n")
    commit_all(folder, f"Add {name}", RUNNER)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return made(tmp_path / "home config")


@pytest.fixture
def lab(tmp_path: Path, original: Path) -> Lab:
    """A clone with a commit of its own, as that which points nodes at the lab."""
    clone = tmp_path / "lab" / "repository"
    git(original, "clone", "--quiet", "--no-hardlinks", "--", str(original), str(clone), runner=RUNNER)
    git(clone, "remote", "remove", "origin", runner=RUNNER)
    add(clone, "pinned")
    return Lab("mine", clone.parent, clone, nodes=())


def test_a_lab_with_all_commits_says_nothing(lab: Lab, original: Path) -> None:
    assert behind(lab, original, RUNNER) == ""


def test_what_is_said_brings_the_commits_and_keeps_those_of_the_lab(lab: Lab, original: Path) -> None:
    before = git(lab.repository, "rev-parse", "HEAD", runner=RUNNER)
    add(original, "one")
    add(original, "two")
    said = behind(lab, original, RUNNER)

    assert said.startswith(f"its repository is 2 commits behind {original}: `git -C ")
    subprocess.run(shlex.split(said.split("`")[1]), check=True, capture_output=True)
    assert behind(lab, original, RUNNER) == ""
    assert {"one", "two", "pinned"} <= {path.name for path in lab.repository.iterdir()}
    git(lab.repository, "merge-base", "--is-ancestor", before, "HEAD", runner=RUNNER)


def test_another_repository_is_refused(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lab mine is there for another repository"):
        behind(lab, made(tmp_path / "other"), RUNNER)


def test_what_git_cannot_count_is_not_nothing(lab: Lab, original: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    git(tmp_path, "init", "--quiet", str(empty), runner=RUNNER)

    assert "cannot be told" in behind(lab, empty, RUNNER)
    assert "cannot be told" in behind(replace(lab, repository=empty), original, RUNNER)
