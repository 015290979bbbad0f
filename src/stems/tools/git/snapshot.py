"""The files of a commit in a folder that is thrown away, also from a repository that has no working tree."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stems.infrastructure.runner import Runner
from stems.tools.base import Tree
from stems.tools.git.command import git_command, output_of
from stems.tools.git.repository import Repository, not_a_repository
from stems.tools.git.tree import build_commands, settings_for

_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Message:
    """What a commit says of itself: its subject, and whether it gives a reason below it."""

    sha: str
    when: str
    subject: str
    has_body: bool


def find_any(path: Path, runner: Runner) -> tuple[Repository | None, bool]:
    """The repository that a folder lies in, and whether the folder has a working tree. None where there is none."""
    asked = ("rev-parse", "--is-inside-work-tree", "--git-common-dir")
    result = runner.run(git_command(path, *asked))
    if not result.ok:
        if "not a git repository" in result.errors:
            return None, False
        raise not_a_repository(path, result)
    inside, _, common = os.fsdecode(result.stdout).partition("\n")
    place = (path / common.removesuffix("\n")).resolve()
    return Repository(path if inside == "true" else place, place, runner), inside == "true"


def snapshot(repository: Repository, sha: str, folder: Path) -> Tree:
    """The files of a commit, written below an empty folder of this run."""
    entries = repository.entries(sha)
    tree, index = folder / "tree", folder / "index"
    tree.mkdir(mode=0o700)
    for command in build_commands(settings_for(repository, folder), sha, tree=tree, index=index):
        output_of(repository.runner, command, f"{sha[:12]}: its files cannot be written")
    return Tree(tree, sha, frozenset(entry.path for entry in entries))


def messages(repository: Repository, sha: str, *, most: int, below: bool = False) -> tuple[Message, ...]:
    """The newest commits; with `below`, those that changed something in the folder that the repository was found by."""
    form = "--format=%H%n%aI%n%s%n%b"
    options = ("-z", "--no-show-signature", "--no-merges", f"--max-count={most}")
    output = repository.read("log", *options, form, sha, *(("--", ".") if below else ()))
    return tuple(_message(entry.decode("utf-8", "replace")) for entry in output.split(b"\0") if entry.strip())


def _message(text: str) -> Message:
    sha, when, subject, body = (*text.split("\n", 3), "", "", "")[:4]
    return Message(sha, when, subject[:_SUBJECT], bool(body.strip()))
