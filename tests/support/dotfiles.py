"""Dotfiles for tests: jobs from trees of text, and a home that lies in a folder of this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stems.infrastructure.local import LocalRunner
from stems.infrastructure.runner import Runner
from stems.model.cluster import Cluster, Domains, UserDomain
from stems.model.node import Node, SshAddress
from stems.tools.base import Job, Site, Tree

NODE = Node("red", "red", SshAddress("127.0.0.1"))


@dataclass(frozen=True)
class Executable:
    """The text of a file that has the x bit."""

    text: str


@dataclass(frozen=True)
class Link:
    """A symlink."""

    to: str


Files = Mapping[str, str | bytes | Executable | Link]


def write_tree(root: Path, files: Files) -> None:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Link):
            path.symlink_to(content.to)
            continue
        text = content.text if isinstance(content, Executable) else content
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(0o755 if isinstance(content, Executable) else 0o644)


@dataclass
class Dotfiles:
    """Jobs whose source is `dotfiles/` of a tree that was written from `files`."""

    folder: Path
    variables: Mapping[str, object] = field(default_factory=dict)
    account: str = ""
    node: str = NODE.name

    def job(self, files: Files, *, deployment: str = "") -> Job:
        root = self.folder / f"tree-{len(list(self.folder.iterdir()))}"
        write_tree(root / "dotfiles", files)
        settings = UserDomain("files", "dotfiles", account=self.account)
        cluster = Cluster("colab", "~/colab", {}, domains=Domains(user=(settings,)))
        tracked = frozenset(f"dotfiles/{name}" for name in files)
        tree = Tree(root, "0" * 40, tracked)
        return Job(cluster, settings, tree, {self.node: self.variables}, LocalRunner(), self.folder, deployment)


def site(folder: Path, runner: Runner | None = None) -> Site:
    """A node whose home is a folder of this machine."""
    home, state = folder / "home", folder / "state"
    home.mkdir(exist_ok=True)
    state.mkdir(mode=0o700, exist_ok=True)
    (state / "key").write_text("a key\n")
    return Site(NODE, runner or LocalRunner(), str(home), str(state), str(state / "stage"), str(home / "colab"))


def photograph(home: Path) -> str:
    """Every path in a folder with what it is."""
    lines = []
    for path in sorted(home.rglob("*")):
        found = path.lstat()
        content = str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else ""
        lines.append(f"{path.relative_to(home)} {found.st_mode:o} {content!r}")
    return "\n".join(lines)
