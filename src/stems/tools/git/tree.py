"""The files of a commit on the controller, at a path that depends on nothing but cluster and commit."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from stems.errors import ConfigurationError, LockHeldError, UsageError
from stems.infrastructure.cache import cache_folder
from stems.infrastructure.command import Command, Effect
from stems.model.names import CLUSTER, is_name, is_relative_path, printable
from stems.tools.base import Tree
from stems.tools.git.command import NO_USER_CONFIG, git_command, output_of
from stems.tools.git.repository import SUBMODULE_MODE, Entry, Repository, full

KEPT = 10
_PATIENCE = 60.0


@contextmanager
def export(repository: Repository, sha: str, *, cluster: str, sources: Iterable[str] = ()) -> Iterator[Tree]:
    """The tree of a commit, held against removal while the context lasts.

    `sources` are the folders that tools read: a submodule inside one is an error, because its files are not there.
    """
    entries = repository.entries(full(sha))
    check_entries(entries, sources)
    folder = trees_folder(cluster)
    handle, alone = _lock(folder / f"{sha}.lock")
    try:
        _ensure(repository, folder / sha, alone=alone)
        fcntl.flock(handle, fcntl.LOCK_SH)
        prune(folder)
        yield Tree(folder / sha, sha, frozenset(entry.path for entry in entries))
    finally:
        os.close(handle)


def trees_folder(cluster: str) -> Path:
    if not is_name(CLUSTER, cluster):
        raise UsageError(f"{printable(cluster)!r} is not a name of a cluster")
    folder = cache_folder() / cluster / "trees"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for private in (folder, folder.parent, folder.parent.parent):
        private.chmod(0o700)
    return folder


def check_entries(entries: Iterable[Entry], sources: Iterable[str]) -> None:
    """Refuse what would leave the folder, reach into Git's own, or not be there."""
    folders = tuple(source.strip("/") for source in sources)
    for entry in entries:
        if not _is_safe(entry.path):
            raise ConfigurationError(
                f"{printable(entry.path)}: a path that no commit may hold",
                remedy="remove it with `git rm --cached` and commit",
            )
        if entry.mode == SUBMODULE_MODE and any(_overlap(entry.path, folder) for folder in folders):
            raise ConfigurationError(
                f"{entry.path}: a submodule under a folder that stems deploys",
                remedy="put its files into this repository, for instance with `git subtree add`",
            )


def _is_safe(path: str) -> bool:
    parts = path.casefold().split("/")
    return is_relative_path(f"./{path}") and not {"..", ".", "", ".git"} & set(parts) and "\n" not in path


def _overlap(submodule: str, folder: str) -> bool:
    return folder in ("", ".") or submodule == folder or submodule.startswith(f"{folder}/")


def _lock(path: Path) -> tuple[int, bool]:
    """A handle that holds the file beside one tree, and whether nobody else does."""
    end = time.monotonic() + _PATIENCE
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        alone = _try(handle, fcntl.LOCK_EX)
        # A command that only reads the same tree must not be waited for.
        if (alone or (path.with_suffix("").is_dir() and _try(handle, fcntl.LOCK_SH))) and _is_same(handle, path):
            os.utime(path)
            return handle, alone
        os.close(handle)
        if time.monotonic() > end:
            raise LockHeldError(f"{path}: held for more than {_PATIENCE:g} s", remedy="see which stems still runs")
        time.sleep(0.05)


def _is_same(handle: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_ino == os.fstat(handle).st_ino
    return False


def _try(handle: int, kind: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
        return True
    return False


def _ensure(repository: Repository, target: Path, *, alone: bool) -> None:
    settings = settings_for(repository, target.parent)
    if target.is_dir():
        if not edits(repository, target, settings):
            return
        if not alone:
            raise LockHeldError(
                f"{target}: edited while another command reads it", remedy="wait for that command, then try again"
            )
        shutil.rmtree(target)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".build-", ignore_cleanup_errors=True) as temporary:
        built, index = Path(temporary) / "tree", Path(temporary) / "index"
        built.mkdir(mode=0o700)
        for command in build_commands(settings, target.name, tree=built, index=index):
            output_of(repository.runner, command, f"{target.name[:12]}: its files cannot be written")
        index.rename(target.with_suffix(".index"))
        built.rename(target)


def settings_for(repository: Repository, folder: Path) -> Mapping[str, str]:
    """An environment with the objects of the repository and nobody's configuration: no filters, no line endings."""
    empty = folder / ".empty.git"
    if not (empty / "HEAD").exists():
        command = git_command(
            folder, "init", "-q", "--bare", "--template=", str(empty), effect=Effect.STAGES, env=NO_USER_CONFIG
        )
        output_of(repository.runner, command, f"{empty}: cannot be made")
    return {**NO_USER_CONFIG, "GIT_DIR": str(empty), "GIT_OBJECT_DIRECTORY": str(repository.common / "objects")}


def build_commands(settings: Mapping[str, str], sha: str, *, tree: Path, index: Path) -> tuple[Command, Command]:
    env = {**settings, "GIT_INDEX_FILE": str(index), "GIT_WORK_TREE": str(tree)}
    read = git_command(tree, "read-tree", sha, effect=Effect.STAGES, env=env)
    write = git_command(tree, "checkout-index", "--all", "--index", effect=Effect.STAGES, env=env)
    # Modes come from the commit, not from the umask of whoever runs stems.
    umask = ("/bin/sh", "-c", 'umask 022; exec "$@"', "sh")
    return read, Command((*umask, *write.argv), Effect.STAGES, env=write.env, timeout=300)


def edits(repository: Repository, target: Path, settings: Mapping[str, str]) -> bytes:
    """What differs in an exported tree from its commit: a tool or a person wrote into it."""
    env = {**settings, "GIT_INDEX_FILE": str(target.with_suffix(".index")), "GIT_WORK_TREE": str(target)}
    listing = ("ls-files", "-z", "--modified", "--deleted", "--others", "--exclude=*.pyc")
    command = git_command(target, *listing, env=env)
    return output_of(repository.runner, command, f"{target}: cannot be compared with its commit")


def prune(folder: Path) -> None:
    """Remove all but the newest trees that nobody holds."""
    locks = sorted(folder.glob("*.lock"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in locks[KEPT:]:
        handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            if _try(handle, fcntl.LOCK_EX):
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.with_suffix(".index").unlink(missing_ok=True)
                path.unlink(missing_ok=True)
        finally:
            os.close(handle)
