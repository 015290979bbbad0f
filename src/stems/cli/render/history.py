"""Deployments as a list, and one of them node by node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stems.cli.render.text import bold, columns, dim, marked, one_line, short
from stems.lifecycle.workspace import Workspace
from stems.model.deployment import Deployment, Outcome

_MARKS = {
    Outcome.RUNNING: "wait",
    Outcome.DEPLOYED: "good",
    Outcome.UNCHANGED: "good",
    Outcome.NOT_REACHED: "none",
    Outcome.TAKEN_BACK: "warn",
    Outcome.FAILED: "bad",
    Outcome.TAKING_BACK_FAILED: "bad",
    Outcome.CANCELLED: "none",
}


def outcome_text(outcome: Outcome) -> str:
    word = "under way, or its controller died" if outcome is Outcome.RUNNING else outcome.value
    return marked(_MARKS[outcome], word)


def render_history(workspace: Workspace, deployments: Sequence[Deployment]) -> Iterator[str]:
    if not deployments:
        yield "nothing was deployed yet"
        return
    head = tuple(dim(word) for word in ("DEPLOYMENT", "WHAT", "COMMIT", "BY", "OUTCOME", "NODES"))
    yield from columns([head, *(_row(workspace, each) for each in deployments)])


def _row(workspace: Workspace, each: Deployment) -> tuple[str, ...]:
    subject = _subject(workspace, each)
    return (
        one_line(each.identity),
        one_line(each.purpose),
        f"{short(each.commit)} {dim(subject[:40])}",
        one_line(each.who),
        outcome_text(each.outcome),
        ", ".join(name for name, outcome in each.nodes.items() if outcome is not Outcome.NOT_REACHED),
    )


def _subject(workspace: Workspace, each: Deployment) -> str:
    """What the commit says of itself; nothing when this clone does not have it."""
    return one_line(workspace.repository.subject(each.commit)) if workspace.repository.has(each.commit) else ""


def render_deployment(workspace: Workspace, each: Deployment) -> Iterator[str]:
    subject = _subject(workspace, each)
    yield f"{bold(each.identity)}  {each.purpose}  {outcome_text(each.outcome)}"
    yield f"commit   {each.commit} {dim(subject)}".rstrip()
    yield f"plan     {each.plan}"
    yield f"by       {each.who}"
    yield f"began    {each.started:%Y-%m-%d %H:%M:%S} UTC"
    if each.ended:
        yield f"ended    {each.ended:%Y-%m-%d %H:%M:%S} UTC, after {(each.ended - each.started).total_seconds():.0f} s"
    if each.reason:
        yield f"reason   {each.reason}"
    rows = [
        (
            f"  {name}",
            outcome_text(outcome),
            f"before: {short(each.previous[name]) or 'nothing'}",
            "it failed here" if each.reason.startswith(f"{name}: ") else "",
        )
        for name, outcome in each.nodes.items()
    ]
    yield from columns(rows)
