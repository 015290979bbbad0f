"""The workspace of the folder that a command runs in."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from socket import gethostname

import click

from stems.cli import output
from stems.cli.render.text import count, short
from stems.errors import UsageError
from stems.lifecycle.run import Person
from stems.lifecycle.workspace import Workspace, open_workspace

_SHOWN = 3


@contextmanager
def this_workspace() -> Iterator[Workspace]:
    """The workspace of the current folder; the sudo password is asked for once, when a node first needs it."""
    with open_workspace(Path.cwd(), password=_ask_password()) as workspace:
        yield workspace


def _ask_password() -> Callable[[], str] | None:
    if not sys.stdin.isatty():
        return None

    @cache
    def ask() -> str:
        return str(click.prompt("sudo password on the nodes", hide_input=True, err=True))

    return ask


def person() -> Person:
    """Who runs this, and where, as locks and records name them."""
    return Person(getpass.getuser(), gethostname())


def me() -> str:
    return str(person())


def can_ask() -> bool:
    return sys.stdin.isatty()


def subject(workspace: Workspace, commit: str) -> str:
    return workspace.repository.subject(commit)


def warn_if_dirty(workspace: Workspace, commit: str) -> None:
    """HEAD is what is planned: say so when the working tree holds more."""
    dirty = workspace.repository.is_dirty()
    if dirty:
        names = ", ".join(dirty[:_SHOWN]) + (" …" if len(dirty) > _SHOWN else "")
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
