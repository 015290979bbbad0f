"""Drift by node: changed by hand, not yet applied, unmanaged, and what cannot be predicted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from stems.cli.output import error_parts
from stems.cli.render.plan import change_lines
from stems.cli.render.text import beside, bold, count, dim, marked, one_line, short
from stems.lifecycle.drift import Drift, NodeDrift
from stems.lifecycle.workspace import Workspace
from stems.model.names import printable

_SHOWN = 6


def render_drift(workspace: Workspace, drift: Drift) -> Iterator[str]:
    for number, node in enumerate(drift.nodes):
        if number:
            yield ""
        yield from _node(node)
    seen = {node.node for node in drift.nodes if node.unchecked}
    for number, (name, error) in enumerate(drift.unknown.items(), len(drift.nodes)):
        if name in seen:
            continue
        if number:
            yield ""
        yield f"{bold(name)}  {marked('unknown', 'unknown')}  {beside(name, error.problem)}"
    del workspace


def _node(node: NodeDrift) -> Iterator[str]:
    yield _head(node)
    for domain, error in node.unchecked.items():
        yield f"  {domain.value}: {marked('unknown', 'not checked: ' + beside(node.node, error.problem))}"
    for service, reason in node.paused_services.items():
        yield f"  {service}: {marked('none', 'paused: ' + reason)}"
    if node.by_hand:
        yield "  changed by hand" if node.paused else "  changed by hand; a repair would"
        yield from change_lines(node.by_hand, full_diff=False)
    if node.unpredictable:
        yield dim(f"  cannot be predicted: {', '.join(one_line(change.resource) for change in node.unpredictable)}")
    if node.pending:
        see = dim(f"see `git diff --stat {short(node.deployed)}..`")
        yield f"  not yet applied: {_pending(node.pending)}  {see}"
    if node.unmanaged:
        yield dim(f"  unmanaged, left alone: {', '.join(map(printable, node.unmanaged))}")


def _head(node: NodeDrift) -> str:
    if not node.deployed:
        return f"{bold(node.node)}  {marked('none', 'nothing deployed yet')}"
    if node.paused:
        verdict = marked("none", f"paused: {node.paused}")
    elif node.by_hand:
        verdict = marked("bad", count(len(node.by_hand), "difference"))
    elif node.unchecked:
        verdict = marked("unknown", "as deployed, as far as it is known")
    else:
        verdict = marked("good", "as deployed")
    return f"{bold(node.node)}  {verdict}  {dim('deployed ' + short(node.deployed))}"


def _pending(paths: tuple[str, ...]) -> str:
    folders = Counter(one_line(path.split("/", 1)[0]) for path in paths)
    parts = [f"{folder} ({number})" for folder, number in sorted(folders.items())]
    return f"{count(len(paths), 'file')} changed in the repository: {', '.join(parts[:_SHOWN])}"


def drift_document(workspace: Workspace, drift: Drift) -> dict[str, Any]:
    return {
        "schema": "stems.drift/1",
        "cluster": workspace.cluster.name,
        "commit": workspace.head,
        "found": drift.found,
        "nodes": [
            {
                "node": node.node,
                "deployed": node.deployed or None,
                "paused": node.paused,
                "paused_services": dict(node.paused_services),
                "unchecked": {domain.value: error.problem for domain, error in node.unchecked.items()},
                "by_hand": [change.to_json() for change in node.by_hand],
                "unpredictable": [change.to_json() for change in node.unpredictable],
                "not_yet_applied": list(node.pending),
                "unmanaged": list(node.unmanaged),
            }
            for node in drift.nodes
        ],
        "unknown": {name: error.problem for name, error in drift.unknown.items()},
        "errors": {name: error_parts(error) for name, error in drift.unknown.items()},
    }
