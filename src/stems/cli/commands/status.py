"""`stems status`: the cluster at a glance."""

from __future__ import annotations

import click

from stems.cli import output
from stems.cli.options import as_json
from stems.cli.render.status import is_ahead, render_status, status_document
from stems.cli.workspace import this_workspace
from stems.errors import ExitCode, StemsError
from stems.lifecycle.status import NodeStatus, look_at_all
from stems.lifecycle.workspace import Workspace
from stems.model.observation import Answer, Unknown


@click.command()
@as_json
def status(*, json: bool) -> int:
    """Show what is deployed, healthy and in sync on every node.

    Three separate answers from one look at each node. IN SYNC compares what stems left there; `stems drift` asks the
    tools themselves. The exit code is 1 when something is not healthy and 7 when something is unknown; what is only out
    of sync is no failure here (`stems drift` ends with 4).
    """
    with this_workspace() as workspace:
        answers = look_at_all(workspace)
        earlier = told_earlier(workspace) if is_ahead(answers) else ""
        if json:
            output.say_json(status_document(workspace, answers, earlier=earlier))
        else:
            output.say_lines(render_status(workspace, answers, earlier=earlier))
        return exit_code(answers)


def told_earlier(workspace: Workspace) -> str:
    """What became of the current commit before. A ledger that cannot be read hides nothing of the nodes."""
    # Most of the time every node is at the current commit, and nobody waits for what reads the ledger.
    from stems.lifecycle.earlier import earlier_end  # noqa: PLC0415

    try:
        return earlier_end(workspace, workspace.head)
    except StemsError as error:
        output.show_error(error)
        return ""


def exit_code(answers: dict[str, Answer[NodeStatus]]) -> ExitCode:
    known = [answer.value for answer in answers.values() if not isinstance(answer, Unknown)]
    if len(known) < len(answers) or any(seen.health.is_unknown or seen.sync.unreadable for seen in known):
        return ExitCode.UNKNOWN
    return ExitCode.DONE if all(seen.health.is_healthy for seen in known) else ExitCode.FAILED
