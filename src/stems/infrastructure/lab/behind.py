"""Whether the repository of a lab lacks commits of the one that it was cloned from."""

from __future__ import annotations

import shlex
from pathlib import Path

from stems.errors import UsageError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.repository import ask_git
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.runner import Runner


def behind(lab: Lab, original: Path, runner: Runner) -> str:
    """What to say of it, empty where nothing is lacking. Raises where the two have no commit in common."""
    head = ask_git(original, "rev-parse", "--verify", "HEAD", runner=runner)
    objects = ask_git(original, "rev-parse", "--git-path", "objects", runner=runner)
    if not head or not objects:
        return f"whether its repository is behind {original} cannot be told: Git names no current commit there"
    # The commits of the original are asked about without being brought here.
    env = {"GIT_ALTERNATE_OBJECT_DIRECTORIES": str((original / objects).resolve())}

    def ask(*words: str) -> tuple[bool, str]:
        found = runner.run(Command(("git", "-C", str(lab.repository), *words), Effect.READS, env=env))
        return found.ok, found.text.strip()

    has_base, _ = ask("merge-base", "HEAD", head)
    counted, number = ask("rev-list", "--count", f"HEAD..{head}")
    if not counted:
        return f"whether its repository is behind {original} cannot be told: Git counts no commits"
    if not has_base:
        raise UsageError(f"lab {lab.name} is there for another repository", remedy="give another --name")
    if number == "0":
        return ""
    # A merge, not a rebase: the nodes run commits of the lab, which a later one has to contain.
    typed = shlex.join(("git", "-C", str(lab.repository), "pull", "--no-rebase", "--no-edit", str(original), "HEAD"))
    commits = "commit" if number == "1" else "commits"
    return (
        f"its repository is {number} {commits} behind {original}: `{typed}` brings {'it' if number == '1' else 'them'}"
    )
