"""The nodes that a service fits on, as a table and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stems.cli.render.text import bold, columns
from stems.lifecycle.place import Candidate, Placement
from stems.lifecycle.verdict import Fit
from stems.validation.hardware import size

_WORDS = {Fit.FITS: "✓ fits", Fit.UNKNOWN: "? unknown", Fit.DOES_NOT_FIT: "✗ does not fit"}
_HEAD = ("NODE", "VERDICT", "ROLE", "ARCH", "MEMORY LEFT", "CPUS LEFT", "BESIDE")


def render_place(placement: Placement) -> Iterator[str]:
    table = columns([tuple(map(bold, _HEAD)), *map(_row, placement.candidates)])
    yield table[0]
    for line, one in zip(table[1:], placement.candidates, strict=True):
        yield line
        yield from (f"  {remark}" for remark in (*one.reasons, *one.apart))
        if one.when_down.impact:
            what_to_do = f" ({one.when_down.mitigation})" if one.when_down.mitigation else ""
            yield f"  when it is down: {one.when_down.impact}{what_to_do}"
    if placement.needed_by:
        yield f"after {placement.service.name} run {', '.join(placement.needed_by)}"
    yield proposal(placement)


def proposal(placement: Placement) -> str:
    """Which node comes first, and why, in one sentence."""
    best = placement.candidates[0]
    if best.fit is Fit.DOES_NOT_FIT:
        return f"{placement.service.name} fits on no node"
    if best.fit is Fit.UNKNOWN:
        return f"{best.node} comes first, but it is not known whether {placement.service.name} fits: {best.reasons[0]}"
    return f"{best.node} comes first: {ground(placement)}"


def ground(placement: Placement) -> str:
    """Why a node that fits is the first one."""
    best, *others = placement.candidates
    fitting = [one for one in others if one.fit is Fit.FITS]
    if not fitting:
        return "the only node that is known to fit" if others else "it fits"
    if len(best.reasons) < len(fitting[0].reasons):
        return f"less speaks against it than against {fitting[0].node}"
    if len(best.apart) < len(fitting[0].apart):
        return f"there it depends on fewer other nodes than on {fitting[0].node}"
    if (best.memory_left or 0) > (fitting[0].memory_left or 0) and best.memory_left is not None:
        return f"it fits, and {size(best.memory_left)} of memory is left there"
    return f"it fits, as well as on {', '.join(one.node for one in fitting)}"


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
        "role": one.role,
        "arch": one.has.arch or None,
        "cpus": one.has.cpus,
        "memory": one.has.memory,
        "gpu": one.has.gpu,
        "memory_left": one.memory_left,
        "cpus_left": one.cpus_left,
        "beside": list(one.beside),
        "apart": list(one.apart),
        "when_down": {"impact": one.when_down.impact, "mitigation": one.when_down.mitigation},
    }


def _row(one: Candidate) -> tuple[str, ...]:
    return (
        f"{one.node} (now)" if one.is_current else one.node,
        _WORDS[one.fit],
        one.role or "-",
        one.has.arch or "unknown",
        _memory(one),
        "unknown" if one.cpus_left is None else f"{one.cpus_left:g} of {one.has.cpus}",
        ", ".join(one.beside) or "-",
    )


def _memory(one: Candidate) -> str:
    if one.memory_left is None or one.has.memory is None:
        return "unknown"
    sign = "-" if one.memory_left < 0 else ""
    return f"{sign}{size(abs(one.memory_left))} of {size(one.has.memory)}"
