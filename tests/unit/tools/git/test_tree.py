"""An exported tree is exactly its commit, at one path, for as long as somebody reads it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stems.errors import ConfigurationError
from stems.tools.git.repository import Entry
from stems.tools.git.tree import KEPT, check_entries, export
from tests.support.scratch import Scratch


def test_modes_links_and_content_are_those_of_the_commit(scratch: Scratch, home: Path) -> None:
    (scratch.root / "run").write_text("#!/bin/sh\n")
    (scratch.root / "run").chmod(0o775)
    (scratch.root / "link").symlink_to("run")
    sha = scratch.commit(
        {"text": "a\n", "deep/é x": "b", ".gitignore": "out\n", ".gitattributes": "text export-ignore\n"}
    )
    (scratch.root / "text").write_text("edited")
    (home / ".gitconfig").write_text("[core]\n\tautocrlf = true\n")
    old = os.umask(0o077)
    try:
        with export(scratch.open(), sha, cluster="colab") as tree:
            pass
    finally:
        os.umask(old)

    assert tree.root == home / "cache/stems/colab/trees" / sha
    assert (tree.root / "text").read_bytes() == b"a\n"
    assert (tree.root / "deep/é x").read_text() == "b"
    assert (tree.root / "link").readlink() == Path("run")
    assert [(tree.root / name).stat().st_mode & 0o777 for name in ("run", "text", "deep")] == [0o755, 0o644, 0o755]
    assert tree.root.stat().st_mode & 0o777 == 0o700
    assert tree.tracked == {"run", "link", "text", "deep/é x", ".gitignore", ".gitattributes"}


def test_a_tree_is_reused_and_an_edited_one_is_built_again(scratch: Scratch) -> None:
    sha = scratch.commit({"a": "1"})
    repository = scratch.open()
    with export(repository, sha, cluster="colab") as tree:
        first = (tree.root / "a").stat().st_ino
    with export(repository, sha, cluster="colab"):
        assert (tree.root / "a").stat().st_ino == first
    (tree.root / "a").write_text("edited")
    (tree.root / "more").write_text("")

    with export(repository, sha, cluster="colab"):
        assert (tree.root / "a").read_text() == "1"
        assert not (tree.root / "more").exists()


def test_two_commands_read_one_tree_at_the_same_time(scratch: Scratch) -> None:
    sha = scratch.commit({"a": "1"})
    repository = scratch.open()

    with export(repository, sha, cluster="colab") as one, export(repository, sha, cluster="colab") as other:
        assert one == other


def test_old_trees_go_and_one_that_is_read_stays(scratch: Scratch) -> None:
    shas = [scratch.commit({"a": str(number)}) for number in range(KEPT + 3)]
    repository = scratch.open()
    with export(repository, shas[0], cluster="colab") as tree:
        for sha in shas[1:]:
            with export(repository, sha, cluster="colab"):
                pass
        assert (tree.root / "a").read_text() == "0"

    left = {path.name for path in tree.root.parent.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert left == {shas[0], *shas[-KEPT:]}
    assert not list(tree.root.parent.glob(".build-*"))


def test_a_submodule_is_an_error_only_where_a_tool_reads(scratch: Scratch) -> None:
    sha = scratch.commit({"services/web/compose.yml": "1"})
    scratch.git("update-index", "--add", "--cacheinfo", f"160000,{sha},services/lib")
    scratch.git("commit", "-q", "-m", "sub")
    repository = scratch.open()

    with export(repository, repository.head(), cluster="colab", sources=("dotfiles",)):
        pass
    with (
        pytest.raises(ConfigurationError, match="services/lib: a submodule"),
        export(repository, repository.head(), cluster="colab", sources=("services",)),
    ):
        pass


@pytest.mark.parametrize("path", ["../x", "a/../b", "/x", "a/.git/config", ".GIT/hooks/x", "a\nb", "a/./b", "a\x1b"])
def test_a_path_that_leaves_the_folder_is_refused(path: str) -> None:
    with pytest.raises(ConfigurationError):
        check_entries([Entry("100644", "", path)], ())


def test_a_path_may_begin_with_a_dash_or_a_tilde() -> None:
    check_entries([Entry("100644", "", "-x"), Entry("100644", "", "~/a")], ())
