"""One path, unit, container, port or project that two tools would write on one node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stems.model.claim import Extent
from stems.model.finding import Finding, Place
from stems.validation.codes import TWO_OWNERS
from stems.validation.ownership import Clash
from stems.validation.rule import Rule, Stage, Subject

WHY = """Two owners undo each other: what one writes is a hand edit to the other, and every plan shows a change."""

_DOES = {
    Extent.PART: "edits",
    Extent.LINK: "links",
    Extent.DIRECTORY: "makes the directory",
    Extent.FILLED: "fills",
    Extent.TREE: "owns all of",
    Extent.GONE: "removes",
}


def check(subject: Subject) -> Iterator[Finding]:
    nodes: dict[tuple[Place, Place, str], list[str]] = defaultdict(list)
    for clash in subject.clashes:
        if clash.is_certain:
            here, there = clash.second.claim, clash.first.claim
            nodes[here.place, there.place, _message(clash)].append(clash.node)
    for (here_at, there_at, message), names in nodes.items():
        said = f"{message}, on {', '.join(dict.fromkeys(names))}"
        remedy = f"leave it to one: remove it here or at {there_at}"
        yield Finding(TWO_OWNERS, here_at, said, remedy, also=(there_at,))


def _message(clash: Clash) -> str:
    here, there = clash.second.claim, clash.first.claim
    if clash.is_one_resource:
        return f"{here.resource}: has two owners: {here.tool} here and {there.tool} at {there.place}"
    does, did = (_DOES.get(each.extent, "writes") for each in (here, there))
    return f"{here.resource}: {here.tool} {does} it here, and {there.tool} {did} {there.resource} at {there.place}"


RULE = Rule(TWO_OWNERS, "two-owners", Stage.ACROSS, WHY, check)
