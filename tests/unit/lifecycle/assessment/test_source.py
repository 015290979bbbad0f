"""Working trees, commits of any Git repository and plain folders are assessed, and what was read is said."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stems.errors import UsageError
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.assess import assess
from stems.lifecycle.assessment.source import MOST_FILES, opened
from tests.support.scratch import Scratch
from tests.unit.lifecycle.assessment.trees import written

PLAIN = {"hosts.ini": "[a]\ncrtr ansible_host=192.0.2.1\n", "README.md": "a\n"}
FIRST: dict[str, str | None] = {**PLAIN}


def test_the_working_tree_counts_as_it_is(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "homelab")
    scratch.commit(FIRST, "Begin")
    written(scratch.root, {"hosts.ini": "[a]\nprtr\n", "new.txt": "a\n"})
    with opened(scratch.root, LocalRunner()) as source:
        assert source.says == "the working tree" and source.name == "homelab"
        assert source.untracked == ("new.txt",) and source.messages and source.messages[0].subject == "Begin"
    found = assess(scratch.root)

    assert [node.name for node in found.nodes] == ["prtr"] and found.files == 3


def test_a_commit_counts_as_it_was(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "homelab")
    first = scratch.commit(FIRST, "Begin")
    scratch.commit({"hosts.ini": "[a]\nprtr\n"}, "Move")
    found = assess(scratch.root, ref="HEAD~1")

    assert [node.name for node in found.nodes] == ["crtr"]
    assert found.commit == first and found.source == f"commit {first[:12]}"


@pytest.mark.parametrize("ref", ["", "main"])
def test_a_repository_without_files_is_read_by_its_commits(tmp_path: Path, ref: str) -> None:
    scratch = Scratch(tmp_path / "homelab")
    scratch.commit(FIRST, "Begin")
    bare = tmp_path / "mirror.git"
    subprocess.run(("git", "clone", "-q", "--bare", str(scratch.root), str(bare)), check=True)

    for place, name in ((bare, "mirror"), (scratch.root / ".git", "homelab")):
        found = assess(place, ref=ref)
        assert [node.name for node in found.nodes] == ["crtr"] and found.name == name


def test_a_folder_inside_a_repository_is_only_itself(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "homelab")
    scratch.commit({"inner/hosts.ini": "[a]\ncrtr\n", "hosts.ini": "[a]\nprtr\n"}, "Begin")
    scratch.commit({"hosts.ini": "[a]\ndrtr\n"}, "Elsewhere")
    inner = scratch.root / "inner"

    assert [node.name for node in assess(inner).nodes] == ["crtr"]
    assert [node.name for node in assess(inner, whole=True).nodes] == ["crtr", "drtr"]
    with opened(inner, LocalRunner()) as source:
        assert source.messages and [one.subject for one in source.messages] == ["Begin"]


def test_a_folder_without_git_says_so(tmp_path: Path) -> None:
    written(tmp_path / "plain", {**PLAIN, "node_modules/x/hosts.ini": "[a]\nb\n"})
    (tmp_path / "plain" / "circle").symlink_to(tmp_path / "plain")
    found = assess(tmp_path / "plain")

    assert found.source == "a folder without Git" and [node.name for node in found.nodes] == ["crtr"]
    assert any("no Git history" in gap.message for gap in found.gaps)
    assert found.files == 3


def test_what_git_ignores_is_read_when_it_is_named(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "homelab")
    scratch.commit({".gitignore": "inner\n"}, "Begin")
    written(scratch.root, {"inner/hosts.ini": "[a]\ncrtr\n"})
    found = assess(scratch.root / "inner")

    assert found.source == "a folder that Git ignores" and [node.name for node in found.nodes] == ["crtr"]


def test_nothing_is_an_assessment_too(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "homelab")
    for found in (assess(scratch.root), assess(tmp_path / "homelab", whole=True)):
        assert (found.nodes, found.gaps, found.steps) == ((), (), ())
        assert found.notes == ("no commit yet",)


def test_what_cannot_be_assessed_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a")
    (tmp_path / "plain").mkdir()
    scratch = Scratch(tmp_path / "homelab")
    scratch.commit(FIRST, "Begin")
    for path, ref in (
        (tmp_path / "gone", ""),
        (tmp_path / "file", ""),
        (tmp_path / "plain", "main"),
        (scratch.root, "x"),
    ):
        with pytest.raises(UsageError) as caught:
            assess(path, ref=ref)
        assert caught.value.remedy


def test_files_beyond_a_bound_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(MOST_FILES + 10):
        (folder / f"{number:05}").touch()
    with opened(folder, LocalRunner()) as source:
        assert len(source.tree.tracked) == MOST_FILES
        assert source.notes == (f"only the first {MOST_FILES} of {MOST_FILES + 10} files were looked at",)
