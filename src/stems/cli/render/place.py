"""The nodes that a service fits on, as a table and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stems.cli.render.text import bold, columns
from stems.lifecycle.place import Candidate, Fit, Placement
from stems.validation.hardware import size

_WORDS = {Fit.FITS: "✓ fits", Fit.UNKNOWN: "? unknown", Fit.DOES_NOT_FIT: "✗ does not fit"}


def render_place(placement: Placement) -> Iterator[str]:
    head = tuple(bold(word) for word in ("NODE", "VERDICT", "MEMORY LEFT", "BESIDE"))
    rows = [(_name(one), _WORDS[one.fit], _left(one), ", ".join(one.beside) or "-") for one in placement.candidates]
    table = columns([head, *rows])
    yield table[0]
    for line, one in zip(table[1:], placement.candidates, strict=True):
        yield line
        yield from (f"  {reason}" for reason in one.reasons)
        if one.impact:
            yield f"  when it is down: {one.impact}"
    if placement.needed_by:
        yield f"{', '.join(placement.needed_by)}: waits for {placement.service.name}"
    yield proposal(placement)


def proposal(placement: Placement) -> str:
    """Why the first one is the first, in one sentence."""
    best = placement.candidates[0]
    if best.fit is Fit.DOES_NOT_FIT:
        return f"{placement.service.name} fits on no node"
    if best.fit is Fit.UNKNOWN:
        return f"{best.node} comes first, but it is not known whether {placement.service.name} fits: {best.reasons[0]}"
    left = f" and leaves {size(best.memory_left)} of memory" if best.memory_left and best.memory_left > 0 else ""
    return f"{best.node} comes first: nothing known speaks against it{left}"


def place_document(placement: Placement) -> dict[str, Any]:
    return {
        "schema": "stems.place/1",
        "service": placement.service.name,
        "declared": placement.is_declared,
        "nodes": list(placement.service.nodes),
        "needed_by": list(placement.needed_by),
        "proposal": proposal(placement),
        "candidates": [_in_json(one) for one in placement.candidates],
    }


def _in_json(one: Candidate) -> dict[str, Any]:
    return {
        "node": one.node,
        "verdict": one.fit.name.lower().replace("_", "-"),
        "current": one.is_current,
        "reasons": list(one.reasons),
        "arch": one.has.arch or None,
        "cpus": one.has.cpus,
        "memory": one.has.memory,
        "gpu": one.has.gpu,
        "memory_left": one.memory_left,
        "beside": list(one.beside),
        "when_down": one.impact,
    }


def _name(one: Candidate) -> str:
    return f"{one.node} (now)" if one.is_current else one.node


def _left(one: Candidate) -> str:
    if one.memory_left is None or one.has.memory is None:
        return "unknown"
    sign = "-" if one.memory_left < 0 else ""
    return f"{sign}{size(abs(one.memory_left))} of {size(one.has.memory)}"
