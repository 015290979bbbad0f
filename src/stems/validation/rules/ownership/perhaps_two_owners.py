"""Something that two tools would write on one node if a condition holds that only the node can judge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from stems.model.finding import Finding, Place, Severity
from stems.model.principle import Principle
from stems.validation.codes import PERHAPS_TWO_OWNERS
from stems.validation.ownership import Clash
from stems.validation.page import Page
from stems.validation.rule import Rule
from stems.validation.stage import Stage
from stems.validation.subject import Subject

PAGE = Page(
    checks="""What two tools would write on one node if a condition holds that only the node can judge, or if a
directory that one fills has the other's file in it.""",
    why="""A task with `when: ansible_os_family == 'Debian'` may write the dotfile that another tool owns. It may as
well not, so that this is no error; if it does, both undo each other from run to run.""",
    instead="If both hold on one node, remove one of them. Otherwise leave it.",
    bad={
        "dotfiles/.tmux.conf": "set -g mouse on\n",
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    content: set -g mouse off
                    dest: /home/owner/.tmux.conf
                  when: ansible_os_family == 'Debian'
            """,
    },
    good={
        "dotfiles/.tmux.conf": "set -g mouse on\n",
        "ansible/site.yml": """
            - hosts: all
              tasks:
                - ansible.builtin.copy:
                    content: set -g mouse off
                    dest: /etc/tmux.conf
                  when: ansible_os_family == 'Debian'
            """,
    },
)


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for each task, however many files of another tool it may meet."""
    groups: dict[tuple[Place, str], list[Clash]] = defaultdict(list)
    sure = {_places(clash) for clash in subject.clashes if clash.is_certain}
    for clash in subject.clashes:
        if not clash.is_certain and _places(clash) not in sure and not _is_alternative(clash):
            groups[clash.first.claim.place, clash.second.claim.tool].append(clash)
    for clashes in groups.values():
        yield _finding(clashes)


def _is_alternative(clash: Clash) -> bool:
    """Whether two services of one project get it from one line, by an anchor: a profile chooses between them."""
    first, second = clash.first.claim, clash.second.claim
    is_one_project = first.tool == second.tool and first.owner.partition("/")[0] == second.owner.partition("/")[0]
    return first.place == second.place and is_one_project and bool(first.owner)


def _places(clash: Clash) -> tuple[Place, Place]:
    return clash.first.claim.place, clash.second.claim.place


def _finding(clashes: list[Clash]) -> Finding:
    here, there = clashes[0].second.claim, clashes[0].first.claim
    others = dict.fromkeys(clash.second.claim.place for clash in clashes if clash.second.claim.place != here.place)
    more = f", and so may {len(others)} more of {here.tool}" if others else ""
    nodes = ", ".join(dict.fromkeys(clash.node for clash in clashes))
    first, second = (f"{each.tool} ({each.owner})" if each.owner else each.tool for each in (here, there))
    if here.place == there.place:
        message = f"{here.resource}: may have two owners: {first} and {second}, which both get it from here{more}"
        remedy = f"if both hold on {nodes}, give one of them another"
        return Finding(PERHAPS_TWO_OWNERS, here.place, message, remedy, Severity.NOTE, also=tuple(others))
    message = f"{here.resource}: may have two owners: {first} here and {second} at {there.place}{more}, on {nodes}"
    remedy = f"if both hold on one node, remove it here or at {there.place}"
    return Finding(PERHAPS_TWO_OWNERS, here.place, message, remedy, Severity.NOTE, also=(there.place, *others))


RULE = Rule(PERHAPS_TWO_OWNERS, "perhaps-two-owners", Stage.OWNERSHIP, Principle.D4, PAGE, check, Severity.NOTE)
