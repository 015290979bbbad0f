"""What was kept of hand edits: where it was written, with its diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stems.cli.render.plan import diff_lines
from stems.cli.render.text import bold, dim, marked, one_line
from stems.lifecycle.keep import Kept
from stems.lifecycle.workspace import Workspace


def render_kept(kept: Sequence[Kept]) -> Iterator[str]:
    for each in kept:
        yield f"{bold(one_line(each.resource))} of {', '.join(each.nodes)}  {marked('good', _done(each))}"
        yield from diff_lines(each.diff, full=True)
        if each.note:
            yield f"  {dim('note: ' + one_line(each.note))}"


def _done(each: Kept) -> str:
    path = one_line(each.path)
    if not each.is_new:
        return f"in {path} already"
    return f"removed {path}" if each.action == "remove" else f"written to {path}"


def kept_document(workspace: Workspace, kept: Sequence[Kept]) -> dict[str, Any]:
    return {
        "schema": "stems.kept/1",
        "cluster": workspace.cluster.name,
        "commit": workspace.head,
        "kept": [
            {
                "resource": each.resource,
                "nodes": list(each.nodes),
                "path": each.path,
                "action": each.action,
                "written": each.is_new,
                "diff": each.diff,
                "note": each.note,
            }
            for each in kept
        ],
    }
