"""One path, unit, container, port or project that two tools would write on one node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from stems.model.claim import Claim
from stems.model.finding import Finding, Place
from stems.validation.codes import TWO_OWNERS
from stems.validation.resource import Resource, resource_of
from stems.validation.rule import Rule, Stage, Subject

WHY = """Two owners undo each other: what one writes is a hand edit to the other, and every plan shows a change."""

# A tool may touch one path in several places, but a second listener, container or project of one name cannot start.
_ALONE = frozenset({"port", "container", "project"})

Clash = tuple[Place, str, str]


def check(subject: Subject) -> Iterator[Finding]:
    clashes: dict[Clash, list[str]] = defaultdict(list)
    for node in subject.cluster.nodes.values():
        held: dict[tuple[str, ...], list[tuple[Resource, Claim, int]]] = defaultdict(list)
        for owner, (tool, job) in enumerate(subject.jobs):
            for claim in tool.claims(job, node):
                resource = resource_of(claim.resource, node.ssh.user)
                held[resource.name].append((resource, claim, owner))
        for claims in held.values():
            for clash in _clashes(claims):
                clashes[clash].append(node.name)
    for (place, message, remedy), nodes in clashes.items():
        yield Finding(TWO_OWNERS, place, f"{message}, on {', '.join(dict.fromkeys(nodes))}", remedy)


def _clashes(claims: list[tuple[Resource, Claim, int]]) -> Iterator[Clash]:
    for (resource, claim, owner), (other, second, second_owner) in combinations(claims, 2):
        alone = resource.kind in _ALONE and claim.place.path != second.place.path
        if (owner != second_owner or alone) and resource.meets(other):
            message = f"{second.resource}: has two owners: {second.tool} here and {claim.tool} at {claim.place}"
            yield second.place, message, f"leave it to one: remove it here or at {claim.place}"


RULE = Rule(TWO_OWNERS, "two-owners", Stage.ACROSS, WHY, check)
