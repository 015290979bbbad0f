"""What a chezmoi source would own on a node, seen without a node and without chezmoi."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.claim import Certainty, Claim, Extent
from stems.model.finding import Place
from stems.model.node import Node
from stems.readers.globs import ANYTHING
from stems.tools.base import Job
from stems.tools.chezmoi.attributes import Kind
from stems.tools.chezmoi.node import NAME
from stems.tools.chezmoi.source import Entry, Source, read_source
from stems.tools.chezmoi.templated import Ignored

_EXTENTS = {Kind.FILE: Extent.WHOLE, Kind.MODIFY: Extent.PART, Kind.LINK: Extent.LINK, Kind.REMOVE: Extent.GONE}


def claims(job: Job, node: Node) -> Iterator[Claim]:
    """Every target that is not ignored for sure. What chezmoi only creates belongs to others, too."""
    source = read_source(job)
    for entry in source.entries:
        extent = Extent.GONE if entry.kind is Kind.DIR and "remove" in entry.attributes.flags else None
        extent = extent or _EXTENTS.get(entry.kind)
        if extent and entry.ignored is not Ignored.YES:
            # A directory is removed only where it is empty.
            certain = entry.ignored is Ignored.NO and entry.kind is not Kind.DIR
            yield _claim(node, entry, extent, certain=certain)
        if entry.kind is Kind.DIR and "exact" in entry.attributes.flags and entry.ignored is not Ignored.YES:
            yield _exact(node, source, entry)
    yield from _removed(node, source)


def _claim(node: Node, entry: Entry, extent: Extent, *, certain: bool) -> Claim:
    certainty = Certainty.CERTAIN if certain else Certainty.POSSIBLE
    return Claim(node.name, NAME, f"file:~/{entry.target}", entry.place, extent=extent, certainty=certainty)


def _exact(node: Node, source: Source, entry: Entry) -> Claim:
    """It removes there what it does not know, but not what it ignores, nor in directories of its own below."""
    below = tuple(f"~/{other.target}" for other in source.at(Kind.DIR) if other.target.startswith(f"{entry.target}/"))
    is_certain = entry.ignored is Ignored.NO and not source.patterns
    certainty = Certainty.CERTAIN if is_certain else Certainty.POSSIBLE
    return Claim(
        node.name, NAME, f"file:~/{entry.target}", entry.place, extent=Extent.TREE, certainty=certainty, sparing=below
    )


def _removed(node: Node, source: Source) -> Iterator[Claim]:
    for path, line in source.removed:
        if line.is_exception:
            continue
        certain = line.is_certain and not source.patterns and not any(other.is_exception for _, other in source.removed)
        place = Place(path, line.number)
        known = line.pattern.replace(ANYTHING, "**")
        yield Claim(
            node.name,
            NAME,
            f"file:~/{known}",
            place,
            extent=Extent.GONE,
            certainty=Certainty.CERTAIN if certain else Certainty.POSSIBLE,
            is_pattern=True,
        )
