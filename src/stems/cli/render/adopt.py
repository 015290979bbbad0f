"""What could be adopted on a node, and what was written for one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from stems.cli.render.text import bold, columns, count, dim, one_line
from stems.lifecycle.adopt import Adopted
from stems.model.cluster import CLUSTER_FILE
from stems.tools.compose.existing.attached import ANONYMOUS
from stems.tools.compose.existing.candidates import Candidate

_SHOWN = 3


def render_candidates(node: str, found: Sequence[Candidate]) -> Iterator[str]:
    if not found:
        yield f"{node}: nothing to adopt"
        return
    head = tuple(dim(word) for word in ("NAME", "KIND", "STATE", "IMAGES", "PORTS", "VOLUMES"))
    yield from columns([head, *(_row(one) for one in found)])
    yield f"{dim(' next:')} write its configuration with `stems adopt {node} NAME`"


def _row(one: Candidate) -> tuple[str, ...]:
    volumes = [ANONYMOUS.sub(lambda found: f"{found[0][:12]}…", name) for name in one.volumes]
    return (bold(one_line(one.name)), one.kind, *map(_some, (one.states, one.images, one.ports, volumes)))


def _some(words: Sequence[str]) -> str:
    return ", ".join(map(one_line, words[:_SHOWN])) + (" …" if len(words) > _SHOWN else "")


def candidates_document(node: str, found: Sequence[Candidate]) -> dict[str, Any]:
    return {"schema": "stems.adopt/1", "node": node, "candidates": [_told(one) for one in found]}


def _told(one: Candidate) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "containers": [each.name for each in one.containers],
        "states": list(one.states),
        "images": list(one.images),
        "ports": list(one.ports),
        "volumes": list(one.volumes),
    }


def render_adopted(made: Adopted) -> Iterator[str]:
    proposal = made.proposal
    what = f"{made.candidate.kind} {bold(one_line(made.candidate.name))}"
    yield f"{bold(made.node)}  {what} as service {bold(made.service)}"
    rows = [(f"{made.folder}/{name}", dim(f"from {one_line(proposal.origins[name])}")) for name in proposal.files]
    if made.line:
        rows.append((f"{CLUSTER_FILE}:{made.line}", dim("its entry")))
    yield from columns(rows, indent="  wrote ")
    if not made.line:
        yield f"  for `services` of {CLUSTER_FILE}:"
        yield from made.entry.rstrip().splitlines()
    yield from _list("stays where it is on the node", proposal.left)
    yield from _list("to know", proposal.notes)
    if proposal.values:
        yield f"  {count(len(proposal.values), 'value')} for {made.folder}/.env in the node's checkout"
        yield from columns([(one.name, dim(one_line(one.origin))) for one in proposal.values], indent="    ")
    if proposal.commands:
        yield f"  what copies them, to be typed on {made.node}"
        yield from (f"    {one_line(line)}" for line in proposal.commands)
    yield f"{dim(' next:')} write its reason, look through the files, `git add`, `stems validate`, commit, `stems plan`"


def _list(head: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"  {head}"
        yield from (f"    {one_line(line)}" for line in lines)


def adopted_document(made: Adopted) -> dict[str, Any]:
    proposal = made.proposal
    return {
        "schema": "stems.adopt/1",
        "node": made.node,
        "adopted": {
            "name": made.candidate.name,
            "kind": made.candidate.kind,
            "service": made.service,
            "folder": made.folder,
            "files": {name: proposal.origins[name] for name in proposal.files},
            "entry": made.entry,
            "line": made.line,
            "values": [{"name": one.name, "origin": one.origin} for one in proposal.values],
            "left": list(proposal.left),
            "notes": list(proposal.notes),
            "commands": list(proposal.commands),
        },
    }
