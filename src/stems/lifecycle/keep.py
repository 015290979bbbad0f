"""Keeping a hand edit: what is on a node becomes a change of the working tree, for a person to review and commit."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from stems.errors import UnknownError, UsageError
from stems.infrastructure.content import read_content
from stems.lifecycle.drift import Drift
from stems.lifecycle.hand_edit import HandEdit, diff_of, hand_edit
from stems.lifecycle.workspace import Workspace
from stems.model.change import Change
from stems.model.names import printable
from stems.tools.git import checkout
from stems.tools.git.working_file import is_edited, read_version, write_version
from stems.tools.origin import REPAIR, Origin, origin_of, refused


@dataclass(frozen=True, slots=True)
class Kept:
    """One hand edit in the working tree: which nodes have it, where it was written, and its redacted diff.

    `is_new` is false when the working tree had it already. `note` is what of it could not be brought.
    """

    resource: str
    nodes: tuple[str, ...]
    path: str
    action: str
    diff: str
    is_new: bool = True
    note: str = ""


def keep(workspace: Workspace, found: Drift, resources: Sequence[str]) -> tuple[Kept, ...]:
    """Bring hand edits into the working tree: all that are named, or none."""
    _require_known(found)
    edits = [_one_of(found, resource) for resource in dict.fromkeys(resources)]
    _require_one_for_each_file(edits)
    kept = [_prepared(workspace, found, edit) for edit in edits]
    for edit, done in zip(edits, kept, strict=True):
        if done.is_new:
            write_version(workspace.repository, edit.place, edit.now)
    return tuple(kept)


def _require_known(found: Drift) -> None:
    for name, error in found.unknown.items():
        steps = filter(None, (error.remedy, f"or leave it out with `--without {name}`"))
        raise UnknownError(error.problem, remedy="\n".join(steps), ran=error.ran, said=error.said)


def _one_of(found: Drift, resource: str) -> HandEdit:
    """The hand edit of that name. The same one may be on several nodes."""
    edits = [_read(found, change) for change in _named(found, resource)]
    if any((edit.place, edit.now) != (edits[0].place, edits[0].now) for edit in edits):
        names = " and ".join(edit.change.node for edit in edits)
        raise UsageError(f"{resource}: not the same on {names}", remedy="choose one of them with `--node NODE`")
    return edits[0]


def _named(found: Drift, resource: str) -> tuple[Change, ...]:
    def those(changes: Sequence[Change]) -> list[Change]:
        return [change for change in changes if resource in (change.resource, printable(change.resource))]

    by_hand = [change for node in found.nodes for change in those(node.by_hand)]
    if by_hand:
        return tuple(by_hand)
    for change in (change for node in found.nodes for change in those(node.unpredictable)):
        raise refused(change, "cannot be predicted, so nothing of it can be kept", f"edit {change.source}")
    for node in found.nodes:
        if any(resource in (line, line.partition(" (")[0]) for line in node.unmanaged):
            problem = f"{node.node}: {resource} is not managed, so no file of the repository has it"
            raise UsageError(problem, remedy="declare it in the repository if stems is to manage it")
    names = sorted({change.resource for node in found.nodes for change in node.by_hand})
    close = difflib.get_close_matches(resource, names, n=1)
    remedy = f"did you mean `{printable(close[0])}`?" if close else "`stems drift` names what differs"
    raise UsageError(f"{printable(resource)}: nothing of that name was changed by hand", remedy=remedy)


def _read(found: Drift, change: Change) -> HandEdit:
    work, site = found.looked[change.node]
    origin = _origin(found, change)
    if origin.place not in work.tree.tracked:
        raise refused(change, f"comes from {origin.place}, which Git does not track", f"edit it, or {REPAIR}")
    content = read_content(site.runner, origin.path, account=origin.account)
    return hand_edit(change, origin, content, was=read_version(work.tree.root / origin.place))


def _origin(found: Drift, change: Change) -> Origin:
    work, site = found.looked[change.node]
    if change.tool == checkout.NAME:
        return checkout.origin(site, change)
    for entry in work.entries:
        origin = origin_of(entry.tool, entry.job, site, change) if change.tool == entry.tool.NAME else None
        if origin is not None:
            return origin
    remedy = f"edit {change.source}, or {REPAIR}" if change.source else REPAIR
    raise refused(change, "is no file of the repository", remedy)


def _require_one_for_each_file(edits: Sequence[HandEdit]) -> None:
    first: dict[str, HandEdit] = {}
    for edit in edits:
        other = first.setdefault(edit.place, edit)
        if other.now != edit.now:
            raise UsageError(
                f"{edit.place}: {other.change.resource} and {edit.change.resource} are two edits of it",
                remedy="keep one of them",
            )


def _prepared(workspace: Workspace, found: Drift, edit: HandEdit) -> Kept:
    """What will have been kept, after everything that speaks against it."""
    change, place, repository = edit.change, edit.place, workspace.repository
    nodes = tuple(each.node for each in _named(found, change.resource))
    commits = {found.looked[node][0].commit for node in nodes}
    diff = diff_of(edit)
    is_new = read_version(repository.root / place) != edit.now
    if is_new and any(place in repository.changed_paths(commit, workspace.head) for commit in commits):
        raise refused(
            change,
            f"was changed by hand, and {place} was changed here since it was deployed",
            f"bring both together in {place} by hand; `stems drift --node {change.node}` shows the edit",
        )
    if is_new and is_edited(repository, place):
        reason = f"comes from {place}, which has edits that are not committed"
        raise refused(change, reason, f"commit or stash {place} first")
    action = "remove" if edit.now is None else "change"
    return Kept(change.resource, nodes, place, action, diff, is_new, edit.note)
