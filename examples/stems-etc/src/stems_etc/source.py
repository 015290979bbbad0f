"""The repository's side: `SOURCE/all/…` goes to every node, `SOURCE/NODE/…` to one and wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from stems.errors import ConfigurationError
from stems.model.claim import Claim
from stems.model.finding import Finding, Place
from stems.model.node import Node
from stems.model.suggestion import did_you_mean
from stems.tools.base import Job

NAME = "etc"
META = "644:0:0"
"""Mode, owner and group of every file: for configuration that all may read, not for scripts and secrets."""
_PLAIN = re.compile(r"/etc/[A-Za-z0-9_.@+:/-]+")


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is to be, or as it is on a node. `place` is where the repository has it."""

    content: bytes
    meta: str = META
    place: Place = field(default=Place(""), compare=False)

    @property
    def sha(self) -> str:
        return sha256(self.content).hexdigest()

    @property
    def digest(self) -> str:
        """What plans compare."""
        return sha256(f"{self.meta} {self.sha}".encode()).hexdigest()


def check(job: Job) -> Iterable[Finding]:
    for place, folder, path in _tracked(job):
        local = job.tree.root / place.path
        if folder not in {"all", *job.cluster.nodes}:
            message = f"no node is called `{folder}`{did_you_mean(folder, job.cluster.nodes)}"
            yield Finding("ETC1", place, message, "put it into all/, or into the folder of a node")
        elif local.is_symlink() or not local.is_file() or not _PLAIN.fullmatch(path):
            yield Finding("ETC2", place, "not a plain file with a plain name", "take it out of this folder")


def claims(job: Job, node: Node) -> Iterable[Claim]:
    return [Claim(node.name, NAME, f"file:{path}", file.place) for path, file in wanted(job, node.name).items()]


def wanted(job: Job, node: str) -> Mapping[str, File]:
    """The files of one node, by their path there."""
    if found := next(iter(check(job)), None):
        raise ConfigurationError(f"{found.place}: {found.message}", remedy=found.remedy)
    tracked = sorted(_tracked(job), key=lambda each: each[1] == node)
    chosen = {path: place for place, folder, path in tracked if folder in ("all", node)}
    return {path: File((job.tree.root / place.path).read_bytes(), place=place) for path, place in chosen.items()}


def _tracked(job: Job) -> list[tuple[Place, str, str]]:
    """What Git tracks, and nothing else: where it is, for which folder of nodes, and its path there."""
    top = job.settings.source.strip("/") + "/"
    names = [path.removeprefix(top).partition("/") for path in sorted(job.tree.tracked) if path.startswith(top)]
    return [(Place(f"{top}{folder}{slash}{path}"), folder, f"/etc/{path}") for folder, slash, path in names]
