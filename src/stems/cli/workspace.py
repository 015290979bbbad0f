"""The workspace of the folder that a command runs in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import click

from stems.cli import output
from stems.cli.here import here
from stems.cli.render.text import count, one_line, short
from stems.errors import UsageError
from stems.lifecycle.workspace import Workspace, open_workspace
from stems.model.node import Privilege

_SHOWN = 3


@contextmanager
def this_workspace(*, acts: bool = False) -> Iterator[Workspace]:
    """The workspace of the current folder. `acts` is for commands that become root on nodes, if only to preview.

    Where sudo wants a password it is asked for once, before anything is shown that a question would disturb.
    """
    ask = _ask_password() if can_ask() else None
    with open_workspace(here(), password=ask) as workspace:
        if acts and ask and any(node.privilege is Privilege.SUDO_PASSWORD for node in workspace.cluster.nodes.values()):
            ask()
        yield workspace


def _ask_password() -> Callable[[], str]:
    @cache
    def ask() -> str:
        return str(click.prompt("sudo password on the nodes", hide_input=True, err=True))

    return ask


def can_ask() -> bool:
    # Without a standard input Python has no object for it.
    return sys.stdin is not None and sys.stdin.isatty()


def subject(workspace: Workspace, commit: str) -> str:
    return one_line(workspace.repository.subject(commit))


def warn_if_dirty(workspace: Workspace, commit: str) -> None:
    """HEAD is what is planned: say so when the working tree holds more."""
    dirty = workspace.repository.is_dirty()
    if dirty:
        names = ", ".join(map(one_line, dirty[:_SHOWN])) + (" …" if len(dirty) > _SHOWN else "")
        output.warn(
            f"{count(len(dirty), 'uncommitted file')} not part of this: {names}",
            f"commit first; what counts is commit {short(commit)}",
        )


def confirm(question: str) -> bool:
    """Ask a person. Without a terminal there is nobody to ask: False."""
    return can_ask() and click.confirm(question, err=True)


def require_terminal(what: str, remedy: str) -> None:
    if not can_ask():
        raise UsageError(f"{what} needs a person at a terminal", remedy=remedy)
