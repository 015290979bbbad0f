"""Truth of nodes: asked once, compared with what their files say, and written where it differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stems.errors import ToolError, UsageError
from stems.infrastructure.discovery.node import SNIPPETS, truth_of
from stems.infrastructure.guards import reading
from stems.lifecycle.look.observe import Observed, observe
from stems.lifecycle.targets import chosen_nodes
from stems.lifecycle.workspace import Workspace
from stems.model.observation import Answer, Present, Unknown
from stems.model.truth import Truth
from stems.readers.truth import is_made_by_stems, read_truth
from stems.readers.written_truth import write_truth
from stems.tools.git.repository import Repository
from stems.tools.git.working_file import PLAIN, Version, read_version, write_version
from stems.tools.redact import redacted_diff
from stems.validation.truth import ENDING, SSOT, TRUTH


@dataclass(frozen=True)
class Found:
    """What a node is found to be, and what its file says: None where there is no file.

    `unseen` are facts that the file knows and that could not be seen this time: the truth has them from there.
    """

    truth: Truth
    path: str
    before: str | None
    unseen: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        return write_truth(self.truth)

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_changed(self) -> bool:
        return self.before != self.text

    @property
    def diff(self) -> str:
        return redacted_diff(self.before or "", self.text, path=self.path) if self.is_changed else ""


def discover(workspace: Workspace, only: Iterable[str] = ()) -> dict[str, Answer[Found]]:
    """Ask every node at once. Nothing is written, and a file of somebody else is told before any node is asked."""
    nodes = chosen_nodes(workspace.cluster, only=only)
    root = workspace.repository.root
    folder = folder_of(root)
    paths = {node.name: f"{folder}/{node.name}{ENDING}" for node in nodes}
    before = {name: _own_text(root, path) for name, path in paths.items()}
    runners = {node.name: reading(workspace.runner(node)) for node in nodes}
    answers = observe(workspace.cluster, runners, nodes, dict.fromkeys(paths, SNIPPETS))
    return {name: _found(name, answer, paths[name], before[name]) for name, answer in answers.items()}


def folder_of(root: Path) -> str:
    """Where the truth of a repository lies, in which there may be none yet."""
    return SSOT if (root / SSOT).is_dir() else TRUTH


def write_found(repository: Repository, found: Sequence[Found]) -> None:
    """Write the files of those that differ; each is replaced as a whole."""
    for one in found:
        if one.is_changed:
            try:
                (repository.root / one.path).parent.mkdir(parents=True, exist_ok=True)
                write_version(repository, one.path, Version(PLAIN, one.text.encode()))
            except OSError as error:
                folder = one.path.rpartition("/")[0]
                raise ToolError(
                    f"{one.path}: cannot be written: {error.strerror}", remedy=f"look at `ls -ld {folder}`"
                ) from None


def _found(name: str, answer: Answer[Observed], path: str, before: str | None) -> Answer[Found]:
    if isinstance(answer, Unknown):
        return answer
    seen = truth_of(name, answer.value.sections)
    known = read_truth(before, path, name).truth if before else None
    if known is None:
        return Present(Found(seen, path, before))
    return Present(Found(seen.keeping(known), path, before, seen.unseen(known)))


def _own_text(root: Path, path: str) -> str | None:
    """What is in a file that stems made. Anything else in its place is somebody's work."""
    version = read_version(root / path)
    text = version.content.decode("utf-8", "replace") if version and version.mode == PLAIN else ""
    if version and is_made_by_stems(text):
        return text
    if version or (root / path).exists():
        raise UsageError(
            f"{path}: not made by `stems discover`, and nothing of somebody else is overwritten",
            remedy="give it another name; its node's truth is then written beside it",
        )
    return None
