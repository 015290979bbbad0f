"""Where a hand edit comes from: what a tool answers so that `stems drift --keep` can bring it back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from stems.errors import ToolError
from stems.model.change import Change
from stems.model.names import USER, is_name, is_node_path
from stems.tools.base import Job, Site, Tool

REPAIR = "put it right with `stems deploy --repair`"


@dataclass(frozen=True, slots=True)
class Origin:
    """A file of a node that is a file of the repository as it is: `path` there, read as `account`, is `place` here.

    `executable` says that Git's executable bit decides its mode there. `mode_in` is where else a mode is written.
    """

    path: str
    place: str
    account: str = ""
    executable: bool = False
    mode_in: str = ""


class KeepingTool(Tool, Protocol):
    """A tool that knows which of its differences are about a file of the repository as it is."""

    def origin(self, job: Job, site: Site, change: Change) -> Origin | None:
        """The file that a difference is about, None where another entry of the domain made it.

        Raises `refused` where what is on the node is not a file of the repository as it is.
        """
        ...


def origin_of(tool: Tool, job: Job, site: Site, change: Change) -> Origin | None:
    """What a tool answers, None where it keeps nothing."""
    ask = getattr(tool, "origin", None)
    found = ask(job, site, change) if ask else None
    if found is None:
        return None
    if not isinstance(found, Origin) or not is_node_path(found.path) or not _is_account(found.account):
        raise refused(change, f"has an origin that cannot be read: {found!r}", REPAIR)
    return found


def _is_account(name: object) -> bool:
    return name == "" or is_name(USER, name)


def refused(change: Change, reason: str, remedy: str) -> ToolError:
    """Why a hand edit cannot be brought back, and what to do instead."""
    return ToolError(f"{change.node}: {change.resource} {reason}", remedy=remedy)
