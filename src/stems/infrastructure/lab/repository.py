"""A lab's repository as Git sees it: what in it is somebody's work."""

from __future__ import annotations

from pathlib import Path

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.state import Lab
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


def work_in(lab: Lab, runner: Runner) -> str:
    """What a person would lose with the lab's repository, in words; empty when nothing.

    The ledger and the tags that deployments leave speak of nodes that go too, and do not count.
    """
    repository = lab.repository
    if not (repository / ".git").exists() or not lab.written:
        return ""
    if ask_git(repository, "status", "--porcelain", runner=runner):
        return "changes that are not committed"
    beyond = ("HEAD", "--exclude=stems/*", "--branches", "--not", lab.written)
    count = git(repository, "rev-list", "--count", *beyond, runner=runner)
    return "" if count == "0" else f"{count} commit{'s' if count != '1' else ''} of yours"
