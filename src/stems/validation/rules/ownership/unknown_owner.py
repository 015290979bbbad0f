"""What a tool would write where only the tool itself can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stems.model.claim import Certainty, Claim
from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.validation.codes import UNKNOWN_OWNER
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="What a tool would write where only the tool itself can tell: one note for each domain entry.",
    why="""A path that is made of facts of the node, or of variables that are not in the repository, cannot be
compared with what other tools own. Two owners of it are found only when they undo each other.""",
    instead="Leave it, or write the path with variables of the cluster.",
    bad={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    content: hello
                    dest: "/srv/{{ ansible_machine_id }}/motd"
            """,
    },
    good={
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    content: hello
                    dest: "/srv/{{ node_name }}/motd"
            """,
    },
)

_SHOWN = 5


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each domain entry, at its first place: this is no list of mistakes."""
    unknown: dict[int, dict[Place, Claim]] = defaultdict(dict)
    for claims in subject.claims.values():
        for held in claims:
            if held.claim.certainty is Certainty.UNKNOWN:
                unknown[held.owner[0]].setdefault(held.claim.place, held.claim)
    for found in unknown.values():
        yield _finding(found)


def _finding(found: dict[Place, Claim]) -> Finding:
    first, *others = sorted(found)
    claim = found[first]
    more = f" and in {len(others)} more places" if len(others) > 1 else " and in 1 more place" if others else ""
    message = f"{claim.resource}: here{more} only the node can tell what {claim.tool} owns: it is compared with nothing"
    if others:
        rest = ", …" if len(others) > _SHOWN else ""
        message += f" ({', '.join(map(str, others[:_SHOWN]))}{rest})"
    remedy = "leave it, or write it with variables of the cluster"
    return Finding(UNKNOWN_OWNER, first, message, remedy, Severity.NOTE, also=tuple(others))


RULE = Rule(UNKNOWN_OWNER, "unknown-owner", Stage.OWNERSHIP, Principle.D4, PAGE, check, Severity.NOTE)
