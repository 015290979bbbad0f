"""What is assessed: a working tree, a commit of any Git repository, or a folder without one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from stems.errors import StemsError, UsageError
from stems.infrastructure.runner import Runner
from stems.model.names import printable
from stems.tools.base import Tree
from stems.tools.git.repository import Repository, names
from stems.tools.git.snapshot import Message, find_any, messages, snapshot

MOST_FILES = 20_000
_COMMITS = 200
_NOT_ENTERED = frozenset({".git", "node_modules", ".venv", "__pycache__"})
_LISTED = ("ls-files", "-z", "--exclude-standard", "--others")


@dataclass(frozen=True, slots=True)
class Source:
    """Files with their history. `messages` is None where there is none, `says` is what it is in words."""

    name: str
    says: str
    tree: Tree
    messages: tuple[Message, ...] | None = None
    untracked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@contextmanager
def opened(path: Path, runner: Runner, *, ref: str = "", whole: bool = False) -> Iterator[Source]:
    """What a folder is. With `whole`, the repository that it lies in, where there is one."""
    path = path.absolute()
    if not path.is_dir():
        raise UsageError(f"{printable(str(path))}: not a folder", remedy="name the folder of a repository")
    repository, has_files, note = _found(path, runner)
    if repository is None:
        if ref:
            raise UsageError(
                f"{path}: not a Git repository, so it has no commit {printable(ref)}", remedy="leave `--ref` out"
            )
        yield _bounded(Source(path.name, "a folder without Git", Tree(path, "", _walked(path)), notes=note))
    elif ref or not has_files:
        with tempfile.TemporaryDirectory(prefix="stems-") as private:
            yield _bounded(_commit(repository, ref or "HEAD", Path(private), has_files=has_files))
    else:
        yield _bounded(_working_tree(Repository.find(path, runner) if whole else repository))


def _found(path: Path, runner: Runner) -> tuple[Repository | None, bool, tuple[str, ...]]:
    try:
        return (*find_any(path, runner), ())
    except StemsError as error:
        # Files can be judged whoever owns them; Git must not run what another account configured.
        return None, False, (f"{error.problem}: its history is not read",)


def _working_tree(repository: Repository) -> Source:
    root = repository.root
    tracked = names(repository.read("ls-files", "-z", "--cached"))
    others = names(repository.read(*_LISTED))
    there = frozenset(path for path in (*tracked, *others) if os.path.lexists(root / path))
    if not there and (walked := _walked(root)):
        return Source(root.name, "a folder that Git ignores", Tree(root, "", walked))
    history, note = _history(repository, "HEAD", below=True)
    return Source(root.name, "the working tree", Tree(root, "", there), history, others, note)


def _commit(repository: Repository, ref: str, private: Path, *, has_files: bool) -> Source:
    sha = repository.resolve(ref)
    tree = snapshot(repository, sha, private)
    history, note = _history(repository, sha, below=False)
    place = repository.root if has_files else repository.common
    name = place.parent.name if place.name == ".git" else place.name.removesuffix(".git")
    return Source(name, f"commit {sha[:12]}", tree, history, notes=note)


def _history(repository: Repository, ref: str, *, below: bool) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    try:
        return messages(repository, repository.resolve(ref), most=_COMMITS, below=below), ()
    except UsageError:
        return (), ("no commit yet",)
    except StemsError as error:
        return (), (f"the history cannot be read: {error.problem}",)


def _bounded(source: Source) -> Source:
    paths = source.tree.tracked
    if len(paths) <= MOST_FILES:
        return source
    note = f"only the first {MOST_FILES} of {len(paths)} files were looked at"
    tree = replace(source.tree, tracked=frozenset(sorted(paths)[:MOST_FILES]))
    return replace(source, tree=tree, notes=(*source.notes, note))


def _walked(root: Path) -> frozenset[str]:
    """The files below a folder; links are not followed, and what others made is left out."""
    found: list[str] = []
    waiting = [""]
    while waiting and len(found) <= MOST_FILES:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as entries:
                for entry in entries:
                    path = f"{folder}/{entry.name}" if folder else entry.name
                    if not entry.is_dir(follow_symlinks=False):
                        found.append(path)
                    elif entry.name not in _NOT_ENTERED:
                        waiting.append(path)
        except OSError:
            continue
    return frozenset(found)
