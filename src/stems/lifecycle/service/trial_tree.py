"""The working tree as it would be with some files more, to be judged before they are written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stems.lifecycle.validate import working_tree
from stems.tools.base import Tree
from stems.tools.git.repository import Repository


@contextmanager
def trial_tree(repository: Repository, files: Mapping[str, str]) -> Iterator[Tree]:
    """Everything else is linked to the files that are there, which is why nothing may be written into this tree."""
    there = working_tree(repository)
    # Beside the repository, so that links are possible however large it is.
    beside = repository.common / "stems"
    beside.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="trial-", dir=beside) as folder:
        root = Path(folder)
        for path in there.tracked - files.keys():
            _link(there.root / path, root / path)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        yield Tree(root, "", there.tracked | files.keys())


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir() and not source.is_symlink():
        target.mkdir(exist_ok=True)  # a submodule
        return
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        # Another filesystem, or a file of somebody else.
        shutil.copy2(source, target, follow_symlinks=False)
