"""The nodes that a service fits on, as a table and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stems.cli.render.text import bold, columns, dim, marked, one_line
from stems.lifecycle.place import Candidate, Placement
from stems.lifecycle.placement.verdict import Fit, Reason
from stems.model.service import UNWRITTEN
from stems.validation.hardware import size

_WORDS = {Fit.FITS: ("good", "fits"), Fit.UNKNOWN: ("unknown", "unknown"), Fit.DOES_NOT_FIT: ("bad", "does not fit")}
_MARKS = {Fit.FITS: "none", Fit.UNKNOWN: "unknown", Fit.DOES_NOT_FIT: "bad"}
_HEAD = ("NODE", "VERDICT", "ROLE", "ARCH", "MEMORY LEFT", "CPUS LEFT", "BESIDE")
_NAMED = 4


def render_place(placement: Placement) -> Iterator[str]:
    table = columns([tuple(map(bold, _HEAD)), *map(_row, placement.candidates)])
    yield table[0]
    for line, one in zip(table[1:], placement.candidates, strict=True):
        yield line
        yield from map(_reason, one.reasons)
        yield from (f"  {marked('none', text)}" for text in one.apart)
        if one.when_down.impact:
            what_to_do = f" ({one.when_down.mitigation})" if one.when_down.mitigation else ""
            yield f"  {dim('when it is down:')} {one_line(one.when_down.impact + what_to_do)}"
    if placement.needed_by:
        yield f"after {placement.service.name}: {', '.join(placement.needed_by)}"
    yield one_line(proposal(placement))
    unknown = (each for one in placement.candidates for each in one.reasons if each.fit is Fit.UNKNOWN)
    for remedy in sorted({reason.remedy for reason in unknown if not reason.code}):
        yield f" {dim('next:')} {remedy}"


def proposal(placement: Placement) -> str:
    """Which node is proposed, and why, in one sentence."""
    best, name = placement.proposed, placement.service.name
    if placement.service.keeps_data and best.is_current:
        fits = "" if best.fit is Fit.FITS else f", although it {_WORDS[best.fit][1].replace('unknown', 'may not fit')}"
        return f"{name} stays on {best.node}, where its data is{fits}"
    if best.fit is Fit.DOES_NOT_FIT:
        return f"{name} fits on no node"
    if best.fit is Fit.UNKNOWN:
        return f"{best.node} comes first, but it is not known whether {name} fits: {best.reasons[0].message}"
    return f"{best.node} comes first: {ground(placement)}"


def ground(placement: Placement) -> str:
    """Why the proposed node, which fits, comes before the others."""
    best = placement.proposed
    if placement.service.keeps_data and best.is_current:
        return "its data is there"
    other = next((one for one in placement.candidates if one is not best and one.fit is Fit.FITS), None)
    if other is None:
        return "the only node that is known to fit" if len(placement.candidates) > 1 else "it fits"
    return _ahead(best, other)


def proposed_reason(placement: Placement, chosen: Candidate) -> str:
    """The reason that is written already for a node, or what the table says for the best one; else a person knows."""
    written = placement.service.reason
    if chosen.is_current and written not in ("", UNWRITTEN):
        return written
    return ground(placement) if chosen is placement.proposed and chosen.fit is Fit.FITS else ""


def _ahead(best: Candidate, other: Candidate) -> str:
    """What the first of two nodes that fit has before the second, in the order in which they are sorted."""
    if len(best.reasons) < len(other.reasons):
        return f"less is to be minded there than on {other.node}"
    if len(best.apart) < len(other.apart):
        return f"there it depends on fewer other nodes than on {other.node}"
    if best.is_current:
        return "it is there already, and fits"
    if best.memory_left is not None and best.memory_left > (other.memory_left or 0):
        return f"it fits, and most memory is left there ({size(best.memory_left)})"
    return f"it fits, as it would on {other.node}"


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
        "verdict": _in_words(one.fit),
        "current": one.is_current,
        "reasons": [_reason_in_json(reason) for reason in one.reasons],
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


def _reason_in_json(reason: Reason) -> dict[str, Any]:
    return {
        "verdict": _in_words(reason.fit),
        "message": reason.message,
        "place": str(reason.place) if reason.place else None,
        "code": reason.code or None,
        "remedy": reason.remedy,
    }


def _in_words(fit: Fit) -> str:
    return fit.name.lower().replace("_", "-")


def _reason(reason: Reason) -> str:
    place = f"  {dim(one_line(f'{reason.place} ({reason.code})'))}" if reason.place else ""
    return f"  {marked(_MARKS[reason.fit], one_line(reason.message))}{place}"


def _row(one: Candidate) -> tuple[str, ...]:
    return (
        f"{one.node} (now)" if one.is_current else one.node,
        marked(*_WORDS[one.fit]),
        one.role or "-",
        one.has.arch or "unknown",
        _memory(one),
        "unknown" if one.cpus_left is None else f"{one.cpus_left:g} of {one.has.cpus}",
        _names(one.beside),
    )


def _names(services: tuple[str, ...]) -> str:
    more = f" and {len(services) - _NAMED} more" if len(services) > _NAMED else ""
    return ", ".join(services[:_NAMED]) + more if services else "-"


def _memory(one: Candidate) -> str:
    if one.memory_left is None or one.has.memory is None:
        return "unknown"
    sign = "-" if one.memory_left < 0 else ""
    return f"{sign}{size(abs(one.memory_left))} of {size(one.has.memory)}"
