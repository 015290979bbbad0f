"""A service is judged among the files that are there, and none of them changes by it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from stems.infrastructure.local import LocalRunner
from stems.lifecycle.service.trial_tree import trial_tree
from stems.tools.git.repository import Repository


def test_files_are_there_and_more_and_nothing_stays(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / "a").mkdir()
    (root / "a/here").write_text("here")
    (root / "link").symlink_to("a/here")
    (root / ".gitignore").write_text("ignored\n")
    (root / "ignored").write_text("secret")
    repository = Repository.find(root, LocalRunner())

    with trial_tree(repository, {"b/new": "new", "a/here": "other"}) as tree:
        found = {path: (tree.root / path).read_text() for path in tree.tracked}
        is_link = (tree.root / "link").is_symlink()
        has_ignored = os.path.lexists(tree.root / "ignored")

    assert found == {"a/here": "other", "link": "other", "b/new": "new", ".gitignore": "ignored\n"}
    assert is_link
    assert not has_ignored
    assert (root / "a/here").read_text() == "here"
    assert list((root / ".git/stems").iterdir()) == []
