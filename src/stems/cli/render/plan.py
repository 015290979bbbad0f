"""A plan for people: by node and domain, risk by word and colour, then what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import click

from stems.cli.render.text import beside, bold, columns, count, dim, marked, one_line, short
from stems.lifecycle.gates import awaiting_approval
from stems.lifecycle.plan import Planned
from stems.model.change import Change, Group, Risk, Undo
from stems.model.cluster import Gates
from stems.model.names import printable
from stems.model.plan import NodePlan, Plan
from stems.model.remnant import Remnants

DIFF_LINES = 12

_COLOURS = {
    Risk.USER: "green",
    Risk.SYSTEM: "yellow",
    Risk.SERVICE: "cyan",
    Risk.NETWORK: "red",
    Risk.DESTRUCTIVE: "red",
    Risk.UNKNOWN: "magenta",
}
_GROUPS = {
    Group.FIRST: "once for all nodes, before the first",
    Group.NONE: "",
    Group.LAST: "once for all nodes, after the last",
}
_SIGNS = {"create": "+", "start": "+", "remove": "-", "stop": "-", "run": "?"}


def render_plan(planned: Planned, gates: Gates, *, subject: str, full_diff: bool, earlier: str = "") -> Iterator[str]:
    """The whole plan; long diffs are cut unless `full_diff`. `earlier` is what became of the commit before."""
    plan = planned.plan
    title = "incomplete plan, not saved" if planned.unknown else f"plan {plan.digest[:12]}"
    yield f"{bold(title)}  {plan.purpose} {short(plan.commit)} {dim(subject)}".rstrip()
    if earlier:
        yield marked("warn", f"this commit {one_line(earlier)}")
    for node in plan.nodes:
        yield ""
        yield from _node(node, planned, full_diff=full_diff)
    for name, error in planned.unknown.items():
        yield ""
        yield f"{bold(name)}  {marked('unknown', 'unknown')}  {beside(name, error.problem)}"
    yield ""
    if planned.unknown:
        names = ", ".join(planned.unknown)
        yield marked("unknown", f"{names}: nothing can be said of what would change there")
    if not planned.unknown or not plan.is_empty:
        yield from summary(plan, gates)


def render_saved(
    plan: Plan, gates: Gates, *, subject: str, full_diff: bool, stays: Mapping[str, Remnants]
) -> Iterator[str]:
    """A plan from its file: what is about to be approved."""
    return render_plan(Planned(plan, stays=stays), gates, subject=subject, full_diff=full_diff)


def render_stays(stays: Mapping[str, Remnants]) -> Iterator[str]:
    """What stays after going back, node by node."""
    for name, each in stays.items():
        yield from (f"{bold(name)}  {marked('warn', one_line(line))}" for line in each.lines())


def _node(node: NodePlan, planned: Planned, *, full_diff: bool) -> Iterator[str]:
    deployed = f"deployed {short(node.deployed)}" if node.deployed else "nothing deployed yet"
    if not node.changes and not node.postponed:
        yield f"{bold(node.node)}  {marked('good', 'nothing to do')}  {dim(deployed)}"
    else:
        yield f"{bold(node.node)}  {count(len(node.changes), 'change')}  {dim(deployed)}"
    for domain, tool in dict.fromkeys((change.domain, change.tool) for change in node.changes):
        yield f"  {domain.value} {dim(tool)}"
        part = [change for change in node.changes if (change.domain, change.tool) == (domain, tool)]
        yield from change_lines(part, full_diff=full_diff)
    for later in node.postponed:
        yield f"  {later.domain.value} {dim(later.tool)}  {marked('wait', 'not yet previewable')}: " + one_line(
            later.reason
        )
    if stays := planned.stays.get(node.node):
        yield from (f"  {marked('warn', one_line(line))}" for line in stays.lines())
    for note in planned.notes.get(node.node, ()):
        yield f"  {dim('note: ' + printable(note))}"
    unmanaged = planned.unmanaged.get(node.node, ())
    if unmanaged:
        yield f"  {dim('unmanaged, left alone: ' + printable(', '.join(unmanaged)))}"


def change_lines(changes: Sequence[Change], *, full_diff: bool) -> Iterator[str]:
    rows = columns([_row(change) for change in changes], indent="    ")
    for row, change in zip(rows, changes, strict=True):
        yield row
        # What is new is told by its name; what somebody has is told by what becomes of it.
        # What nobody can predict is judged by its text alone.
        if full_diff or change.before or not change.predictable:
            yield from diff_lines(change.diff, full=full_diff)


def _row(change: Change) -> tuple[str, ...]:
    sign = _SIGNS.get(change.action, "~")
    risk = click.style(change.risk.value, fg=_COLOURS[change.risk])
    notes = [_GROUPS[change.group], *(["by hand"] if change.by_hand else []), change.note]
    notes += ["cannot be undone"] if change.undo is Undo.NO else []
    about = "; ".join(note for note in notes if note)
    return (
        f"{sign} {one_line(change.action)}",
        one_line(change.resource),
        risk,
        dim(one_line(change.source)),
        one_line(about),
    )


def diff_lines(diff: str, *, full: bool) -> Iterator[str]:
    lines = diff.splitlines()
    shown = lines if full else lines[:DIFF_LINES]
    for line in shown:
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        yield "        " + click.style(printable(line), fg=colour, dim=colour is None)
    if len(shown) < len(lines):
        yield dim(f"        … {count(len(lines) - len(shown), 'more line')}, shown with --diff")


def summary(plan: Plan, gates: Gates) -> Iterator[str]:
    """Counts by class and what waits for a person, in one or two lines."""
    changes = list(plan.changes())
    if plan.is_empty:
        yield marked("good", "nothing to do: every node is as the commit says")
        return
    counts = plan.counts()
    parts = [
        click.style(f"{counts[risk.value]} {risk.value}", fg=_COLOURS[risk]) for risk in Risk if counts[risk.value]
    ]
    nodes = len({change.node for change in changes})
    yield f"{count(len(changes), 'change')} on {count(nodes, 'node')}: {', '.join(parts) or 'none'}"
    waiting = awaiting_approval(plan, gates)
    if waiting:
        classes = ", ".join(dict.fromkeys(change.risk.value for change in waiting))
        yield (
            f"{count(len(waiting), 'change')} need approval ({classes})"
            if len(waiting) != 1
            else (f"1 change needs approval ({classes})")
        )
    final = [change for change in changes if change.undo is Undo.NO]
    if final:
        yield marked(
            "warn", f"cannot be undone: {', '.join(f'{each.node} {one_line(each.resource)}' for each in final[:6])}"
        ) + (
            f" and {len(final) - 6} more" if len(final) > 6 else ""  # as many as fit on a line
        )
