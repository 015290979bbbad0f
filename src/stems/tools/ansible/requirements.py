"""The roles and collections of `requirements.yml`, installed once for each content of it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stems.errors import ConfigurationError, ToolError
from stems.infrastructure.cache import cache_folder
from stems.infrastructure.command import Command, Effect
from stems.readers.yaml import read_yaml
from stems.tools.ansible.program import program
from stems.tools.base import Job
from stems.tools.redact import redacted

NAMES = tuple(
    f"{folder}requirements.{ending}" for folder in ("", "roles/", "collections/") for ending in ("yml", "yaml")
)
GALAXY = "galaxy:"
"""Before what was installed, wherever a place names it: `galaxy:roles/NAME/tasks/main.yml`."""
TIMEOUT = 600.0
# What such an entry brings lies in the repository or on this machine, and changes without the file.
_BESIDE = re.compile(
    r"""\b(?:src|source|name|type)["']?\s*:\s*["']?(?:\.{0,2}/|(?:git\+)?file:|file\b|dir\b|subdirs\b)"""
)


@dataclass(frozen=True, slots=True)
class Requirements:
    """The files of a tree that name roles and collections, and the folder on this machine for what they name."""

    files: tuple[Path, ...]
    folder: Path

    @property
    def are_there(self) -> bool:
        return (self.folder / "done").exists()

    @property
    def roles(self) -> Path:
        return self.folder / "roles"

    @property
    def collections(self) -> Path:
        return self.folder / "collections"


def requirements_of(job: Job) -> Requirements | None:
    """Those of the source, `None` without any."""
    source = job.settings.source.rstrip("/")
    names = [f"{source}/{name}" if source not in ("", ".") else name for name in NAMES]
    files = tuple(job.tree.root / name for name in names if name in job.tree.tracked)
    if not files:
        return None
    digest = hashlib.sha256()
    for file in files:
        text = file.read_bytes()
        digest.update(text + b"\0")
        if _BESIDE.search(text.decode("utf-8", "replace")):
            digest.update(job.tree.commit.encode())
    return Requirements(files, cache_folder() / job.cluster.name / "galaxy" / digest.hexdigest()[:32])


def install(job: Job, wanted: Requirements, env: Mapping[str, str]) -> None:
    """Have them there; what was installed once is not looked for again. Raises `ToolError` when that fails."""
    if wanted.are_there:
        return
    parent = wanted.folder.parent
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(parent / f"{wanted.folder.name}.lock"):
        if wanted.are_there:
            return
        shutil.rmtree(wanted.folder, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir=parent, prefix=".build-", ignore_cleanup_errors=True) as name:
            built = Requirements(wanted.files, Path(name) / "galaxy")
            for file in wanted.files:
                for command in install_commands(job, built, file, env):
                    _run(job, file, command)
            built.folder.mkdir(exist_ok=True)
            (built.folder / "done").touch()
            built.folder.rename(wanted.folder)


def install_commands(job: Job, there: Requirements, file: Path, env: Mapping[str, str]) -> Iterator[Command]:
    """One for the roles and one for the collections that a file names."""
    for kind, folder in _kinds(job, there, file):
        folder.mkdir(parents=True, exist_ok=True)
        argv = (program("ansible-galaxy"), kind, "install", "-r", str(file), "-p", str(folder))
        yield Command(argv, Effect.STAGES, timeout=TIMEOUT, cwd=str(job.source), env=env)


def _kinds(job: Job, there: Requirements, file: Path) -> Iterator[tuple[str, Path]]:
    name = file.relative_to(job.tree.root).as_posix()
    value = read_yaml(file.read_text("utf-8", "replace"), name).value
    if isinstance(value, list):
        # The older form names roles; in a folder for collections that is a mistake which Ansible explains.
        yield "role", there.roles
    elif isinstance(value, dict):
        if value.get("roles"):
            yield "role", there.roles
        if value.get("collections"):
            yield "collection", there.collections
    elif value is not None:
        raise ConfigurationError(f"{name}: must name `roles` and `collections`", remedy=f"correct {name}")


def _run(job: Job, file: Path, command: Command) -> None:
    result = job.local.run(command)
    if not result.ok:
        name = file.relative_to(job.tree.root).as_posix()
        raise ToolError(
            f"{name}: what it names could not be installed",
            ran=f"ansible-galaxy {command.argv[1]} install -r {name}",
            said=redacted(result.errors or result.text),
            remedy="make its sources reachable from this machine, or keep the content in the repository",
        )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
