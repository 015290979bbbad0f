"""A proposed cluster file: what was written, and as a document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stems.cli.render.text import bold, columns, count, dim, one_line
from stems.lifecycle.adopt_repository import Proposed
from stems.model.cluster import CLUSTER_FILE


def render_written(proposed: Proposed) -> Iterator[str]:
    proposal = proposed.proposal
    yield f"wrote {bold(CLUSTER_FILE)}"
    entries = {
        "node": [one.doubt for one in proposal.nodes],
        "domain": [one.doubt for one in proposal.domains],
        "service": [one.doubt for one in proposal.services],
    }
    rows = []
    for noun, doubts in entries.items():
        unsure = sum(map(bool, doubts))
        rows.append((count(len(doubts) - unsure, noun), dim(f"{unsure} more commented out") if unsure else ""))
    yield from columns(rows, indent="  ")
    guesses = proposed.text.count("# guess:")
    said = "the guess" if guesses == 1 else f"the {guesses} guesses"
    yield f"{dim(' next:')} read {said}, correct what is wrong, then `stems validate`"


def proposed_document(proposed: Proposed, *, written: bool) -> dict[str, Any]:
    proposal = proposed.proposal
    unsure = [
        *({"node": one.name, "why": one.doubt} for one in proposal.nodes if one.doubt),
        *({"domain": one.one.domain.value, "why": one.doubt} for one in proposal.domains if one.doubt),
        *({"service": one.name, "why": one.doubt} for one in proposal.services if one.doubt),
    ]
    return {
        "schema": "stems.adopt/1",
        "proposal": {
            "path": CLUSTER_FILE,
            "exists": proposed.exists,
            "written": written,
            "text": proposed.text,
            "nodes": [one.name for one in proposal.nodes if not one.doubt],
            "services": [one.name for one in proposal.services if not one.doubt],
            "not_certain": [{key: one_line(value) for key, value in each.items()} for each in unsure],
        },
    }
