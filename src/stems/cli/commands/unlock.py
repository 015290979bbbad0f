"""`stems unlock`: release the lock of a deployment that is gone."""

from __future__ import annotations

import click

from stems.cli import completion, output
from stems.cli.workspace import can_ask, confirm, this_workspace
from stems.errors import ApprovalError
from stems.lifecycle.unlock import find_locks, release_locks


@click.command()
@click.argument("identity", shell_complete=completion.deployments)
def unlock(*, identity: str) -> None:
    """Show the locks of the deployment IDENTITY and release them. `unreadable` names locks that cannot be read.

    A deployment that still does something on a node is not unlocked; one that began and did not end is better resumed
    (`stems deploy --resume`), because its work stays half done. Nodes that do not answer are named, and may be locked.
    """
    with this_workspace() as workspace:
        found = find_locks(workspace, identity)
        for name, held in found.held.items():
            output.say(f"{name}: {held.lock or 'held, but the lock cannot be read'}")
        if can_ask() and not confirm("release them?"):
            raise ApprovalError("not released", remedy="`stems status` shows who holds what")
        for name in release_locks(workspace, found):
            output.say(f"{name}: released")
