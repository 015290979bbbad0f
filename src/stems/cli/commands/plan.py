"""`stems plan`: what would change, on every node, from every tool."""

from __future__ import annotations

import click

from stems.cli import output
from stems.cli.options import as_json, full_diffs, only_nodes, without_nodes
from stems.cli.progress import waiting
from stems.cli.render.plan import render_plan
from stems.cli.workspace import subject, this_workspace, warn_if_dirty
from stems.errors import ExitCode
from stems.lifecycle.earlier import earlier_end
from stems.lifecycle.gates import awaiting_approval
from stems.lifecycle.plan import Planned
from stems.lifecycle.planning import plan_commit
from stems.lifecycle.store import Store
from stems.model.cluster import Gates


@click.command()
@click.argument("ref", default="HEAD")
@only_nodes
@without_nodes
@full_diffs
@click.option("--exit-code", "tell_changes", is_flag=True, help="Exit 10 when there are changes.")
@as_json
def plan(
    *, ref: str, only: tuple[str, ...], without: tuple[str, ...], full_diff: bool, tell_changes: bool, json: bool
) -> int:
    """Ask every tool for its real dry run on every node, and show one plan.

    REF is the commit to plan for, the current one unless given. Nothing is changed on any node. The plan is saved under
    its digest, which `stems approve` and `stems deploy` take.
    """
    with this_workspace(acts=True) as workspace:
        commit = workspace.repository.resolve(ref)
        warn_if_dirty(workspace, commit)
        with waiting("asking every tool on every node"):
            planned = plan_commit(workspace, commit, only=only, without=without)
        if not planned.unknown:
            Store(workspace.repository.state_folder()).save_plan(planned.plan)
        if json:
            output.say_json(plan_document(planned, workspace.cluster.gates))
        else:
            lines = render_plan(
                planned,
                workspace.cluster.gates,
                subject=subject(workspace, commit),
                full_diff=full_diff,
                earlier=earlier_end(workspace, commit),
            )
            output.say_lines(lines)
            _next(planned, workspace.cluster.gates)
        if planned.unknown:
            return ExitCode.UNKNOWN
        return ExitCode.CHANGES if tell_changes and not planned.plan.is_empty else ExitCode.DONE


def plan_document(planned: Planned, gates: Gates) -> dict[str, object]:
    """The plan as a program reads it, with what is not part of what is approved beside it."""
    return {
        **planned.plan.to_json(),
        "digest": planned.plan.digest,
        "saved": not planned.unknown,
        "needs_approval": len(awaiting_approval(planned.plan, gates)),
        "unknown": {name: error.problem for name, error in planned.unknown.items()},
        "errors": {name: output.error_parts(error) for name, error in planned.unknown.items()},
        "unmanaged": {name: list(lines) for name, lines in planned.unmanaged.items() if lines},
        "stays": {name: each.to_json() for name, each in planned.stays.items()},
    }


def without(planned: Planned) -> str:
    return " ".join(f"--without {name}" for name in planned.unknown)


def _next(planned: Planned, gates: Gates) -> None:
    if planned.unknown:
        for error in planned.unknown.values():
            output.show_error(error)
        others = f", or plan for the others with `{without(planned)}`" if planned.plan.nodes else ""
        output.tell(f" next: nothing was saved to approve; mend the above{others}")
    elif planned.plan.is_empty:
        return
    elif awaiting_approval(planned.plan, gates):
        digest = planned.plan.digest[:12]
        output.tell(f" next: `stems approve {digest}`, or `stems deploy` to be asked")
    else:
        output.tell(" next: `stems deploy`")
