"""The plays of a run by their number, and how some of them are left out.

The callback plugin loads this file by its path, into a Python that may not have stems: it imports nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Numbered:
    """Plays counted from one as they are written. Ansible runs copies of them, with `serial` several of one."""

    def __init__(self, plays: Sequence[Any] = ()) -> None:
        self._numbers = {play._uuid: number for number, play in enumerate(plays, start=1)}

    def of(self, play: Any) -> int:
        return self._numbers[play._uuid]


def leave_out(play: Any) -> None:
    """Empty the copy of a play that is about to run: even a skipped task would register something."""
    play.pre_tasks, play.tasks, play.post_tasks, play.roles, play.handlers = [], [], [], [], []
    play.gather_facts = False


def matched(play: Any) -> list[str]:
    """The nodes that a play is for, whatever `--limit` says."""
    inventory = play.get_variable_manager()._inventory
    hosts = inventory.get_hosts(play.hosts, ignore_limits=True, ignore_restrictions=True)
    return [host.get_name() for host in hosts]
