"""A lab's repository: made whole or not at all, and what in it is somebody's work."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stems.errors import ToolError, UsageError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.state import Lab, save
from stems.infrastructure.runner import Runner

AUTHOR = {"user.name": "Lab", "user.email": "lab@colab.example"}


def ask_git(repository: Path, *words: str, runner: Runner) -> str:
    """What Git says, or nothing where it fails."""
    result = runner.run(Command(("git", "-C", str(repository), *words), Effect.READS))
    return result.text.strip() if result.ok else ""


def git(repository: Path, *words: str, runner: Runner) -> str:
    result = runner.run(Command(("git", "-C", str(repository), *words), Effect.WRITES, timeout=120))
    if not result.ok:
        raise ToolError(f"{repository}: git did not {words[0]}", ran=f"git {words[0]}", said=result.errors)
    return result.text.strip()


def commit_all(repository: Path, message: str, runner: Runner) -> str:
    """Commit everything as whoever Git knows, or as the lab; return the commit."""
    for name, value in AUTHOR.items():
        if not ask_git(repository, "config", name, runner=runner):
            git(repository, "config", name, value, runner=runner)
    git(repository, "add", "--all", runner=runner)
    git(repository, "commit", "--quiet", "--no-gpg-sign", "-m", message, runner=runner)
    return git(repository, "rev-parse", "HEAD", runner=runner)


def has_repository(lab: Lab) -> bool:
    """Whether `lab up` made its repository to the end."""
    return bool(lab.written) and (lab.repository / ".git").exists()


def make_repository(lab: Lab, write: Callable[[Path], str]) -> Lab:
    """The lab with the repository that `write` makes in a folder and whose commit it returns.

    It is made aside: at its own place there is never one that still says something else than it shall.
    """
    require_room(lab.repository)
    aside = lab.folder / "repository.new"
    if aside.exists():
        shutil.rmtree(aside)
    lab = replace(lab, written=write(aside))
    save(lab)
    _move(aside, lab.repository)
    return lab


def require_room(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty", remedy="give another --directory, or empty this one")


def _move(made: Path, place: Path) -> None:
    # Into the person's own folder, in which a shell may stand. Git's part goes last: what has it is whole.
    place.mkdir(parents=True, exist_ok=True)
    for path in sorted(made.iterdir(), key=lambda path: path.name == ".git"):
        shutil.move(path, place / path.name)
    made.rmdir()


def work_in(lab: Lab, runner: Runner) -> str:
    """What a person would lose with the lab's repository, in words; empty when nothing.

    The ledger and the tags that deployments leave speak of nodes that go too, and do not count.
    """
    repository = lab.repository
    if not (repository / ".git").exists():
        return ""
    if not lab.written:
        return "a repository that `lab up` did not make"
    if git(repository, "status", "--porcelain", runner=runner):
        return "changes that are not committed"
    if git(repository, "for-each-ref", "refs/stash", runner=runner):
        return "changes that are stashed"
    beyond = ("HEAD", "--exclude=stems/*", "--branches", "--not", lab.written)
    count = git(repository, "rev-list", "--count", *beyond, runner=runner)
    return "" if count == "0" else f"{count} commit{'s' if count != '1' else ''} of yours"
