"""Only full SHAs of real commits leave the door, whatever a ref looks like."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.errors import StemsError, ToolError, UsageError
from stems.infrastructure.local import LocalRunner
from stems.tools.git.repository import Repository
from tests.support.scratch import Scratch


def test_a_repository_is_found_from_a_folder_inside(scratch: Scratch) -> None:
    scratch.commit({"a/b": "1"})

    found = Repository.find(scratch.root / "a", LocalRunner())

    assert (found.root, found.common) == (scratch.root, scratch.root / ".git")


def test_a_worktree_shares_the_state_folder_of_its_clone(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit({"a": "1"})
    scratch.git("worktree", "add", "-q", str(tmp_path / "other"))

    folder = Repository.find(tmp_path / "other", LocalRunner()).state_folder()

    assert folder == scratch.root / ".git/stems"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_what_is_no_working_repository_is_named(tmp_path: Path, scratch: Scratch) -> None:
    (tmp_path / "plain").mkdir()
    scratch.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))

    with pytest.raises(UsageError, match="not a Git repository"):
        Repository.find(tmp_path / "plain", LocalRunner())
    with pytest.raises(UsageError, match="bare repository"):
        Repository.find(tmp_path / "bare", LocalRunner())


def test_a_repository_of_another_account_is_refused_with_the_way_out(tmp_path: Path, scratch: Scratch) -> None:
    import os

    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(scratch.root, 12345, 12345)
    os.chown(scratch.root / ".git", 12345, 12345)

    with pytest.raises(UsageError, match="another account"):
        scratch.open()


def test_missing_git_is_named(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(ToolError, match="git is not on this machine"):
        scratch.open()


def test_a_repository_without_a_commit_is_told_apart(scratch: Scratch) -> None:
    repository = scratch.open()

    with pytest.raises(UsageError, match="no commit yet"):
        repository.resolve("HEAD")


@pytest.mark.parametrize(
    "ref", ["--output=x", "-x", "", "nothing", "HEAD..HEAD", "HEAD^{tree}", "a\nb", "--all", "HEAD:a"]
)
def test_a_ref_that_is_no_commit_is_refused(scratch: Scratch, ref: str) -> None:
    scratch.commit({"a": "1"})

    with pytest.raises(UsageError, match="not a commit"):
        scratch.open().resolve(ref)
    assert not list(scratch.root.glob("*x*"))


def test_a_name_of_a_branch_and_a_tag_is_ambiguous(scratch: Scratch) -> None:
    first = scratch.commit({"a": "1"})
    scratch.commit({"a": "2"})
    scratch.git("tag", "main", first)

    with pytest.raises(UsageError, match="ambiguous"):
        scratch.open().resolve("main")


def test_refs_become_full_shas(scratch: Scratch) -> None:
    first = scratch.commit({"a": "1"})
    second = scratch.commit({"a": "2"})
    repository = scratch.open()

    assert [repository.resolve(ref) for ref in ("main", "HEAD~1", first[:10])] == [second, first, first]
    assert repository.is_ancestor(first, second)
    assert not repository.is_ancestor(second, first)
    assert repository.has(first)
    assert not repository.has("f" * 40)
    assert not repository.is_shallow()


def test_how_far_two_branches_are_apart_and_which_has_a_commit(scratch: Scratch, tmp_path: Path) -> None:
    first = scratch.commit({"a": "1"})
    scratch.git("switch", "-q", "-c", "tried")
    scratch.commit({"a": "2"})
    tried = scratch.commit({"a": "3"})
    scratch.git("switch", "-q", "main")
    second = scratch.commit({"b": "1"})
    repository = scratch.open()

    assert repository.apart(tried, second) == (2, 1)
    assert repository.apart(first, second) == (0, 1)
    assert repository.branch_with(tried) == "tried"
    scratch.git("clone", "-q", ".", str(tmp_path / "clone"))
    assert Repository.find(tmp_path / "clone", LocalRunner()).branch_with(tried) == "origin/tried"
    scratch.git("branch", "-q", "-D", "tried")
    assert repository.branch_with(tried) == ""


def test_a_commit_is_read_as_it_was(scratch: Scratch) -> None:
    first = scratch.commit({"a": "1", "é b/c": "two\n"}, "begin\n\nbody")
    second = scratch.commit({"a": "2"}, "go on")
    (scratch.root / "a").write_text("edited")
    (scratch.root / "new").write_text("")
    repository = scratch.open()

    assert repository.show(first, "a") == b"1"
    assert repository.show(first, "é b/c") == b"two\n"
    assert repository.show(first, "no") is None
    assert repository.show(first, "é b") is None
    assert repository.tracked(second) == {"a", "é b/c"}
    assert repository.changed_paths(first, second) == ("a",)
    assert [(commit.sha, commit.subject) for commit in repository.log(first, second)] == [(second, "go on")]
    assert repository.is_dirty() == ("a", "new")
    with pytest.raises(StemsError):
        repository.show("f" * 40, "a")
    with pytest.raises(UsageError):
        repository.show(first, "../a")


def test_submodules_are_listed(scratch: Scratch) -> None:
    sha = scratch.commit({"a": "1"})
    scratch.git("update-index", "--add", "--cacheinfo", f"160000,{sha},lib/sub")
    scratch.git("commit", "-q", "-m", "sub")

    repository = scratch.open()

    assert repository.submodules(repository.head()) == ("lib/sub",)


def test_a_tag_is_made_once_and_even_without_a_name_of_the_person(scratch: Scratch, home: Path) -> None:
    sha = scratch.commit({"a": "1"})
    (home / ".gitconfig").unlink()
    repository = scratch.open()

    repository.tag("stems/deploy/x", sha, "deployed")
    repository.tag("stems/deploy/x", sha, "deployed")

    assert scratch.git("rev-parse", "stems/deploy/x^{commit}") == sha


def test_hooks_never_run(scratch: Scratch) -> None:
    scratch.commit({"a": "1"})
    hook = scratch.root / ".git/hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(0o755)

    repository = scratch.open()
    repository.tag("x", repository.head(), "m")

    assert not (scratch.root / "ran").exists()
