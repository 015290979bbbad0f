"""Which files of the working tree differ from a commit, or from where a branch left another one."""

from __future__ import annotations

from stems.errors import UsageError
from stems.tools.git.command import required
from stems.tools.git.repository import Repository, names, resolve_command


def changed_since(repository: Repository, ref: str) -> tuple[str, frozenset[str]]:
    """The commit that is compared with, and the paths that differ: committed since, staged, edited, or new.

    It is the newest one that `ref` and HEAD have both. Without any commit every file is new.
    """
    untracked = names(repository.read("ls-files", "-z", "--others", "--exclude-standard"))
    if ref == "HEAD" and not repository.runner.run(resolve_command(repository.root, "HEAD")).ok:
        return "", frozenset((*names(repository.read("ls-files", "-z", "--cached")), *untracked))
    base = _common(repository, ref)
    differ = names(repository.read("diff", "-z", "--name-only", "--no-renames", "--ignore-submodules=none", base, "--"))
    return base, frozenset((*differ, *untracked))


def _common(repository: Repository, ref: str) -> str:
    sha = repository.resolve(ref)
    if ref == "HEAD":
        return sha
    command = repository.git("merge-base", sha, repository.head())
    result = repository.runner.run(command)
    if result.status == 1:
        raise UsageError(
            f"{ref} and HEAD have no commit in common", remedy="`git fetch --unshallow`, or name another one"
        )
    return required(result, command, f"{ref} and HEAD cannot be compared").text.split()[0]
