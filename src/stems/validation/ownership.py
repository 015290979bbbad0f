"""Who would own what on a node, and which two claims cannot hold together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from stems.model.claim import Certainty, Claim, Extent
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.readers.globs import is_valid, matches
from stems.tools.base import Job, Tool
from stems.validation.resource import Resource, above, resource_of

_FILES = frozenset({Extent.WHOLE, Extent.PART})
_SHARED = frozenset({Extent.DIRECTORY, Extent.FILLED})


@dataclass(frozen=True, slots=True)
class Held:
    """A claim, the one form of its resource, and whose it is: equal owners never clash."""

    claim: Claim
    resource: Resource
    owner: tuple[int, str]
    number: int
    spared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two claims of two owners that cannot hold together, or (not `is_certain`) perhaps cannot."""

    node: str
    first: Held
    second: Held
    is_certain: bool

    @property
    def is_one_resource(self) -> bool:
        return self.first.resource.name == self.second.resource.name


def claims_of(cluster: Cluster, jobs: Sequence[tuple[Tool, Job]]) -> dict[str, tuple[Held, ...]]:
    """By node, in the order in which tools are applied."""
    return {name: tuple(_held(node, jobs)) for name, node in cluster.nodes.items()}


def clashes_of(held: Mapping[str, Sequence[Held]]) -> tuple[Clash, ...]:
    return tuple(clash for node, claims in held.items() for clash in _clashes(node, claims))


def _held(node: Node, jobs: Sequence[tuple[Tool, Job]]) -> Iterator[Held]:
    number = 0
    for index, (tool, job) in enumerate(jobs):
        for claim in tool.claims(job, node):
            number += 1
            spared = tuple(resource_of(f"file:{path}", node.ssh.user).name for path in claim.sparing)
            resource = resource_of(claim.resource, node.ssh.user)
            yield Held(claim, resource, (index, claim.owner), number, spared)


def _clashes(node: str, claims: Sequence[Held]) -> Iterator[Clash]:
    known = [each for each in claims if each.claim.certainty is not Certainty.UNKNOWN]
    for one, other in _pairs(known):
        if one.owner == other.owner:
            continue
        answer = _answer(one, other)
        if answer is not None:
            first, second = sorted((one, other), key=lambda each: each.number)
            certain = answer and {one.claim.certainty, other.claim.certainty} == {Certainty.CERTAIN}
            yield Clash(node, first, second, certain)


def _pairs(claims: Sequence[Held]) -> Iterator[tuple[Held, Held]]:
    """Every two that may meet: the one above comes first, where one lies below the other."""
    named: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for each in claims:
        if not each.claim.is_pattern:
            named[each.resource.kind, each.resource.name].append(each)
    for same in named.values():
        yield from combinations(same, 2)
    files = [each for (kind, _), same in named.items() if kind == "file" for each in same]
    for each in files:
        for folder in above(each.resource.name):
            yield from ((outer, each) for outer in named.get(("file", folder), ()))
    for pattern in (each for each in claims if each.claim.is_pattern and is_valid(each.resource.name)):
        yield from ((pattern, each) for each in files if _is_meant(pattern.resource.name, each.resource.name))


def _is_meant(pattern: str, path: str) -> bool:
    return any(matches(pattern, each) for each in (path, *above(path)))


def _answer(one: Held, other: Held) -> bool | None:
    """Whether two claims clash for sure; None when they do not."""
    if one.resource.kind != "file":
        return True if one.resource.meets(other.resource) else None
    if not one.claim.is_pattern and one.resource.name == other.resource.name:
        return _at_one_path(one.claim.extent, other.claim.extent)
    if any(_is_spared(spared, other.resource.name) for spared in one.spared):
        return None
    return _below(one.claim.extent, other.claim.extent)


def _is_spared(spared: str, path: str) -> bool:
    return path == spared or path.startswith(f"{spared}/")


def _at_one_path(one: Extent, other: Extent) -> bool | None:
    both = {one, other}
    if both <= {Extent.DIRECTORY, Extent.TREE, Extent.FILLED}:
        return None if Extent.DIRECTORY in both else Extent.TREE in both
    if both in ({Extent.GONE}, {Extent.EITHER, Extent.DIRECTORY}):
        return None
    # A link is followed by who writes into what it points to.
    followed = Extent.LINK in both and not both.isdisjoint({*_SHARED, Extent.PART})
    return not followed and both != {Extent.EITHER, Extent.FILLED}


def _below(outer: Extent, inner: Extent) -> bool | None:
    """Of a claim on a directory of the path that another claims."""
    if outer in _FILES:
        return True
    if outer is Extent.GONE:
        return None if inner is Extent.GONE else True
    if outer is Extent.DIRECTORY:
        return None
    if outer is Extent.TREE:
        return inner not in (Extent.DIRECTORY, Extent.GONE)
    return None if inner is Extent.DIRECTORY and outer is Extent.FILLED else False
