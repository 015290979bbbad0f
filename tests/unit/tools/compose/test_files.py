"""A project is read of what Git tracks, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.tools.base import Tree
from stems.tools.compose.files import LARGEST, TreeFiles

TRACKED = frozenset({"a/compose.yml", "a/linked.yml", "a/away.yml", "a/module", "a/binary", "a/large", "a/vault.env"})


@pytest.fixture
def files(tmp_path: Path) -> TreeFiles:
    root = tmp_path / "root"
    (root / "a/module").mkdir(parents=True)
    (root / "a/compose.yml").write_text("services: {}\n")
    (root / "a/linked.yml").symlink_to("compose.yml")
    (tmp_path / "away.yml").write_text("services: {}\n")
    (root / "a/away.yml").symlink_to("../../away.yml")
    (root / "a/binary").write_bytes(b"\0")
    (root / "a/large").write_bytes(b" " * (LARGEST + 1))
    (root / "a/vault.env").write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n")
    (root / "a/untracked.env").write_text("A=1\n")
    return TreeFiles(Tree(root, "", TRACKED))


@pytest.mark.parametrize(
    ("path", "is_read", "is_elsewhere"),
    [
        ("a/compose.yml", True, False),
        ("a/linked.yml", True, False),
        ("a/away.yml", False, True),
        ("a/module/.env", False, True),
        ("a/binary", False, True),
        ("a/large", False, True),
        ("a/vault.env", True, True),
        ("a/untracked.env", False, False),
        ("a/none.yml", False, False),
        ("../away.yml", False, False),
        ("a/\0", False, False),
    ],
)
def test_a_file_is_read_or_out_of_sight(files: TreeFiles, path: str, is_read: bool, is_elsewhere: bool) -> None:
    assert (files.read(path) is not None, path in files) == (is_read, is_elsewhere)
