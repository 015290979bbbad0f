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
from stems.tools.homes import account_of, shown

_EXTENTS = {Kind.FILE: Extent.WHOLE, Kind.MODIFY: Extent.PART, Kind.LINK: Extent.LINK, Kind.REMOVE: Extent.GONE}


def claims(job: Job, node: Node) -> Iterator[Claim]:
    """Every target that is not ignored for sure. What chezmoi only creates belongs to others, too."""
    source, account = read_source(job, node), account_of(job)
    for entry in source.entries:
        extent = Extent.GONE if entry.kind is Kind.DIR and "remove" in entry.attributes.flags else None
        extent = extent or _EXTENTS.get(entry.kind)
        if extent and entry.ignored is not Ignored.YES:
            # A directory is removed only where it is empty.
            certain = entry.ignored is Ignored.NO and entry.kind is not Kind.DIR
            yield _claim(node, entry, extent, account=account, certain=certain)
        if entry.kind is Kind.DIR and "exact" in entry.attributes.flags and entry.ignored is not Ignored.YES:
            yield _exact(node, source, entry, account)
    yield from _removed(node, source, account)


def _claim(node: Node, entry: Entry, extent: Extent, *, account: str, certain: bool) -> Claim:
    certainty = Certainty.CERTAIN if certain else Certainty.POSSIBLE
    resource = f"file:{shown(entry.target, account)}"
    return Claim(node.name, NAME, resource, entry.place, extent=extent, certainty=certainty)


def _exact(node: Node, source: Source, entry: Entry, account: str) -> Claim:
    """It removes there what it does not know, but not what it ignores, nor in directories of its own below."""
    folders = (other.target for other in source.at(Kind.DIR) if other.target.startswith(f"{entry.target}/"))
    below = tuple(shown(folder, account) for folder in folders)
    is_certain = entry.ignored is Ignored.NO and not source.patterns
    certainty = Certainty.CERTAIN if is_certain else Certainty.POSSIBLE
    return Claim(
        node.name,
        NAME,
        f"file:{shown(entry.target, account)}",
        entry.place,
        extent=Extent.TREE,
        certainty=certainty,
        sparing=below,
    )


def _removed(node: Node, source: Source, account: str) -> Iterator[Claim]:
    for path, line in source.removed:
        if line.is_exception:
            continue
        certain = line.is_certain and not source.patterns and not any(other.is_exception for _, other in source.removed)
        place = Place(path, line.number)
        known = line.pattern.replace(ANYTHING, "**")
        yield Claim(
            node.name,
            NAME,
            f"file:{shown(known, account)}",
            place,
            extent=Extent.GONE,
            certainty=Certainty.CERTAIN if certain else Certainty.POSSIBLE,
            is_pattern=True,
        )
