"""What a tool would write where only the tool itself can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stems.model.claim import Certainty
from stems.model.finding import Finding, Place, Severity
from stems.validation.codes import UNKNOWN_OWNER
from stems.validation.rule import Rule, Stage, Subject

WHY = """A path that is made of facts of the node, or of variables that are not in the repository, cannot be compared
with what other tools own. Two owners of it are found only when they undo each other."""

_SHOWN = 5


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each domain entry, at its first place: this is no list of mistakes."""
    places: dict[int, dict[Place, str]] = defaultdict(dict)
    for claims in subject.claims.values():
        for held in claims:
            if held.claim.certainty is Certainty.UNKNOWN:
                places[held.owner[0]].setdefault(held.claim.place, held.claim.tool)
    for found in places.values():
        yield _finding(sorted(found), next(iter(found.values())))


def _finding(places: list[Place], tool: str) -> Finding:
    where = ", ".join(map(str, places[:_SHOWN]))
    more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
    what, they = ("1 place says", "it is") if len(places) == 1 else (f"{len(places)} places say", "they are")
    message = f"{what} what {tool} owns in a way that only the node can resolve, so {they} compared with nothing"
    remedy = "nothing, or write it with variables of the cluster"
    if len(places) > 1:
        message += f": {where}{more}"
    return Finding(UNKNOWN_OWNER, places[0], message, remedy, Severity.NOTE, also=tuple(places[1:]))


RULE = Rule(UNKNOWN_OWNER, "unknown-owner", Stage.ACROSS, WHY, check, Severity.NOTE)
