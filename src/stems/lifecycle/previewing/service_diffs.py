"""What the repository changed of each service since the commit that a node runs, to be read beside its containers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path, PurePosixPath

from stems.lifecycle.jobs import Work
from stems.model.change import Change
from stems.model.names import is_relative_path
from stems.tools.git.repository import Repository
from stems.tools.redact import MAX_DIFF, redacted_diff

MOST_LINES = 400
"""Lines of a service's diff: it becomes part of the plan, and with its approval of the ledger."""


class ServiceDiffs:
    """The diffs of the services of a commit, made when they are first asked for."""

    def __init__(self, repository: Repository, work: Work) -> None:
        self._repository = repository
        self._work = work
        self._made: dict[str, Mapping[str, str]] = {}

    def beside(self, changes: Sequence[Change], *, since: str) -> tuple[Change, ...]:
        """The changes, each service's first one with its diff: not those of what somebody did by hand."""
        first = {change.service: change for change in reversed(changes) if _wants_diff(change)}
        if not first:
            return tuple(changes)
        if since not in self._made:
            self._made[since] = service_diffs(self._repository, self._work, since=since)
        diffs = self._made[since]
        return tuple(
            replace(change, diff=diffs.get(self._folder(change.service), ""))
            if change is first.get(change.service)
            else change
            for change in changes
        )

    def _folder(self, service: str) -> str:
        declared = self._work.cluster.services.get(service)
        return declared.where if declared else service


def _wants_diff(change: Change) -> bool:
    return bool(change.service) and change.action in ("create", "recreate") and not (change.diff or change.by_hand)


def service_diffs(repository: Repository, work: Work, *, since: str) -> Mapping[str, str]:
    """Redacted diffs by folder below the domain's source: of every file where nothing was deployed.

    Of none where this clone lacks `since`.
    """
    services = work.cluster.domains.services
    if services is None or (since and not repository.has(since)):
        return {}
    changed = repository.changed_paths(since, work.commit) if since else sorted(work.tree.tracked)
    declared = frozenset(service.where for service in work.cluster.services.values())
    paths = {path: name for path in changed if (name := _folder_of(path, services.source, declared))}
    old = dict(zip(paths, repository.show_all(since, *paths), strict=True)) if since and paths else {}
    found: dict[str, list[str]] = defaultdict(list)
    for path, name in paths.items():
        before = (old.get(path) or b"").decode("utf-8", "replace")
        after = _text(work.tree.root / path)
        if after is not None:
            found[name].append(redacted_diff(before, after, path=path))
    return {name: _bounded("".join(texts)) for name, texts in found.items()}


def _bounded(text: str) -> str:
    lines = text.splitlines(keepends=True)
    more = [f"… {len(lines) - MOST_LINES} more lines, see `git diff`\n"] if len(lines) > MOST_LINES else []
    return "".join([*lines[:MOST_LINES], *more])


def _folder_of(path: str, source: str, declared: Set[str]) -> str:
    """The folder of a service that a path is in, if it is one that can be read and shown."""
    folder, whole = PurePosixPath(source), PurePosixPath(path)
    if not is_relative_path(path) or not whole.is_relative_to(folder):
        return ""
    below = whole.relative_to(folder).parent
    found = next((each.as_posix() for each in (below, *below.parents) if each.as_posix() in declared), "")
    return found or (below.parts[0] if below.parts else "")


def _text(path: Path) -> str | None:
    """What a file of the target says, empty where it is gone; None for what is too long to be compared."""
    if path.is_symlink():
        return str(path.readlink())
    if not path.is_file():
        return ""
    return path.read_text(encoding="utf-8", errors="replace") if path.stat().st_size <= MAX_DIFF else None
