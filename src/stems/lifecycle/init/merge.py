"""Three versions of one text into one, by Git."""

from __future__ import annotations

from pathlib import Path

from stems.infrastructure.command import Effect
from stems.infrastructure.runner import Runner
from stems.tools.git.command import git_command
from stems.tools.git.repository import Repository


def base_of(repository: Repository, objects: tuple[str, ...]) -> bytes | None:
    """What an edit began from: the newest of the objects that Git has."""
    return next((content for name in objects if (content := repository.blob(name)) is not None), None)


def merged(runner: Runner, private: Path, *, base: bytes, ours: bytes, theirs: bytes) -> str | None:
    """Both changes in one text; None where they touch the same lines. `private` is a folder for the three."""
    names = ("ours", "base", "theirs")
    for name, content in zip(names, (ours, base, theirs), strict=True):
        (private / name).write_bytes(content)
    result = runner.run(git_command(private, "merge-file", "--stdout", "--quiet", "--", *names, effect=Effect.READS))
    if not result.ok:
        return None
    try:
        return result.stdout.decode("utf-8")
    except UnicodeDecodeError:
        return None
