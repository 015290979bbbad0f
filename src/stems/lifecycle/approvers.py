"""Who may approve: the newest list in the ledger that somebody of the list before it signed."""

from __future__ import annotations

import re
from pathlib import Path

from stems.errors import ApprovalError, ToolError
from stems.lifecycle import records
from stems.lifecycle.store import write_private
from stems.lifecycle.workspace import Workspace
from stems.model.cluster import Approver
from stems.tools.git import signing

_NAME = re.compile(re.escape(records.APPROVERS) + r"[0-9]{8}T[0-9]{6}Z-([0-9a-f]{64})\.json")


def approvers(workspace: Workspace, *, besides: str = "") -> tuple[Approver, ...] | None:
    """The newest list of approvers that counts; None when there never was one.

    The first list counts by its first use, and this clone remembers which that was: copies of the ledger are joined
    with those of nodes, where somebody could add an older one. Each later list counts only if it is that of the commit
    whose plan it was recorded with, and if somebody of the list before it signed that plan. `besides` is a plan whose
    own list does not count yet: the list before it approves a change of the list.
    """
    counting: tuple[Approver, ...] | None = None
    for name, content in _from_first(workspace).items():
        if counting is not None and besides and _digest(name) == besides:
            continue
        named = records.read_approvers(content)
        if counting is None or _is_approved(workspace, name, named, by=counting):
            counting = named
    return counting


def _from_first(workspace: Workspace) -> dict[str, bytes]:
    """The lists from the one on that this clone used first, which is written down when it is used."""
    lists = {name: content for name, content in records.approver_lists(workspace).items() if _NAME.fullmatch(name)}
    path = _first_use(workspace)
    first = path.read_text() if path.exists() else ""
    if first in lists:
        return {name: content for name, content in lists.items() if name >= first}
    if lists:
        write_private(path, next(iter(lists)).encode())
    return lists


def _first_use(workspace: Workspace) -> Path:
    return workspace.repository.state_folder() / "first-approvers"


def _digest(name: str) -> str:
    found = _NAME.fullmatch(name)
    return found[1] if found else ""


def _is_approved(workspace: Workspace, name: str, named: tuple[Approver, ...], *, by: tuple[Approver, ...]) -> bool:
    signed = records.approval(workspace, _digest(name))
    if not by:
        return True
    if signed is None:
        return False
    try:
        commit = records.plan(workspace, signed.plan).config_commit
        if not workspace.repository.has(commit) or workspace.cluster_at(commit).approvers != named:
            return False
        signing.verify(workspace.local, signed, by, private=workspace.private)
    except (ApprovalError, ToolError):
        # A plan that is not there, or a signature that is none: a file that somebody added proves nothing.
        return False
    return True
