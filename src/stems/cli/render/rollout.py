"""The rollout while it happens: a live table of node and step on a terminal, a line an event elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from stems.cli import output
from stems.cli.render.text import beside, marked
from stems.lifecycle.progress import ALL_NODES, Event, Phase, Progress, Step

if TYPE_CHECKING:
    from rich.table import Table

_MARKS = {
    Phase.BEGUN: "wait",
    Phase.DONE: "good",
    Phase.SKIPPED: "none",
    Phase.FAILED: "bad",
    Phase.NOTE: "wait",
}
_COLUMNS = tuple(step for step in Step if step not in (Step.TAKE_BACK, Step.UNLOCK, Step.GROUP))
_STYLES = {"good": "green", "bad": "red", "wait": "cyan", "none": "bright_black"}
_SIGNS = {"good": "✓", "bad": "✗", "wait": "…", "none": "·"}


@contextmanager
def shown_rollout(nodes: Sequence[str]) -> Iterator[Progress]:
    """A progress that people can follow, whatever standard error is."""
    if not sys.stderr.isatty():
        yield _line_by_line()
        return
    with _live(nodes) as progress:
        yield progress


def _line_by_line() -> Progress:
    began = time.monotonic()
    notes: dict[tuple[str, Step], str] = {}

    def show(event: Event) -> None:
        # A wait says every second how things are.
        if event.phase is Phase.NOTE and notes.get((event.node, event.step)) == event.detail:
            return
        notes[event.node, event.step] = event.detail
        spent = time.monotonic() - began
        word = "" if event.phase is Phase.BEGUN else event.phase.value
        text = f"{event.node:<12} {event.step.value} {word}".rstrip()
        detail = f": {beside(event.node, event.detail)}" if event.detail else ""
        output.tell(f"{spent:6.1f} s  {marked(_MARKS[event.phase], text)}{detail}")

    return show


@contextmanager
def _live(nodes: Sequence[str]) -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415  # only a terminal pays for it
    from rich.live import Live  # noqa: PLC0415

    cells: dict[tuple[str, Step], Event] = {}
    notes: dict[str, str] = {}
    with Live(_table(nodes, cells, notes), console=Console(stderr=True), refresh_per_second=8) as live:

        def show(event: Event) -> None:
            if event.phase is Phase.NOTE:
                notes[event.node] = beside(event.node, event.detail)
            else:
                cells[event.node, event.step] = event
                notes[event.node] = beside(event.node, event.detail)
            live.update(_table(nodes, cells, notes))

        yield show


def _table(nodes: Sequence[str], cells: dict[tuple[str, Step], Event], notes: dict[str, str]) -> Table:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    table.add_column("node", style="bold")
    for step in _COLUMNS:
        table.add_column(step.value)
    table.add_column("")
    # What is done for all has a line of its own once there is something to say.
    shared = [ALL_NODES] if any(name == ALL_NODES for name, _ in cells) else []
    for node in [*nodes, *shared]:
        row = [_cell(cells.get((node, step))) for step in _COLUMNS]
        taken_back = cells.get((node, Step.TAKE_BACK))
        together = cells.get((node, Step.GROUP))
        about = f"once for all {_SIGNS[_MARKS[together.phase]]} " if together else ""
        about += f"taking back {_SIGNS[_MARKS[taken_back.phase]]} " if taken_back else ""
        table.add_row(node, *row, Text(about + notes.get(node, ""), overflow="ellipsis", no_wrap=True))
    return table


def _cell(event: Event | None) -> str:
    if event is None:
        return ""
    mark = _MARKS[event.phase]
    return f"[{_STYLES[mark]}]{_SIGNS[mark]}[/]"
