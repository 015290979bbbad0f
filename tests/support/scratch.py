"""A Git repository that a test writes to."""

from __future__ import annotations

import subprocess
from pathlib import Path

from stems.infrastructure.local import LocalRunner
from stems.infrastructure.runner import Runner
from stems.model.node import Node, SshAddress
from stems.tools.base import Site
from stems.tools.git.repository import Repository


class Scratch:
    """A repository that a test writes to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(("git", "-C", str(self.root), *arguments), capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self, files: dict[str, str | None], message: str = "change") -> str:
        for name, content in files.items():
            path = self.root / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def open(self) -> Repository:
        return Repository.find(self.root, LocalRunner())


def site_at(folder: Path, *, sha: str = "", name: str = "prtr", runner: Runner | None = None) -> Site:
    """A node that is a folder of this machine."""
    return Site(
        node=Node(name, name, SshAddress("prtr.example")),
        runner=runner or LocalRunner(),
        home=str(folder),
        state=f"{folder}/it's state",
        stage=f"{folder}/it's state/stage/{sha}",
        checkout=f"{folder}/check out",
        is_local=True,
    )
