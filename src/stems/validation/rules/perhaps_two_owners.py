"""Something that two tools would write on one node if a condition holds that only the node can judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.validation.codes import PERHAPS_TWO_OWNERS
from stems.validation.ownership import Clash
from stems.validation.rule import Rule, Stage, Subject

WHY = """A task with a condition, or one that fills a directory from somewhere, may write what another tool owns. It may
as well not, so that this is no error."""


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each task, however many files of another tool it may meet."""
    groups: dict[tuple[Place, str], list[Clash]] = defaultdict(list)
    sure = {_places(clash) for clash in subject.clashes if clash.is_certain}
    for clash in subject.clashes:
        if not clash.is_certain and _places(clash) not in sure:
            groups[clash.first.claim.place, clash.second.claim.tool].append(clash)
    for clashes in groups.values():
        yield _finding(clashes)


def _places(clash: Clash) -> tuple[Place, Place]:
    return clash.first.claim.place, clash.second.claim.place


def _finding(clashes: list[Clash]) -> Finding:
    here, there = clashes[0].second.claim, clashes[0].first.claim
    others = dict.fromkeys(clash.second.claim.place for clash in clashes if clash.second.claim.place != here.place)
    more = f", and so may {len(others)} more of {here.tool}" if others else ""
    nodes = ", ".join(dict.fromkeys(clash.node for clash in clashes))
    message = (
        f"{here.resource}: may have two owners: {here.tool} here and {there.tool} at {there.place}{more}, on {nodes}"
    )
    remedy = f"if both hold on one node, remove it here or at {there.place}"
    return Finding(PERHAPS_TWO_OWNERS, here.place, message, remedy, Severity.NOTE, also=(there.place, *others))


RULE = Rule(PERHAPS_TWO_OWNERS, "perhaps-two-owners", Stage.ACROSS, WHY, check, Severity.NOTE)
