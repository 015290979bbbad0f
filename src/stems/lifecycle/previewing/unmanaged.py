"""What is on a node and nobody declared: what tools met there, without what another tool owns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stems.lifecycle.jobs import Work
from stems.model.node import Node


def unmanaged(work: Work, node: Node, met: Iterable[str]) -> tuple[str, ...]:
    lines = tuple(met)
    # Only units are met by one tool and perhaps brought by another; claims take a reading of every tree.
    if not any(line.startswith("unit:") for line in lines):
        return lines
    claimed = {claim.resource for entry in work.entries for claim in entry.tool.claims(entry.job, node)}
    return tuple(line for line in lines if claimed.isdisjoint(_resources(line)))


def _resources(line: str) -> Iterator[str]:
    """The names under which a tool may own what a line is about, as in `unit:x.service (/etc/…/x.service)`."""
    resource, _, path = line.partition(" (")
    yield resource
    if path.startswith("/"):
        yield f"file:{path.removesuffix(')')}"
