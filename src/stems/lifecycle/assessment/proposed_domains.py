"""The domains of a proposed cluster file: which tool has each, with what it needs to be told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from posixpath import commonpath

from stems.model.assessment import Assessment, FoundDomain
from stems.model.change import Domain
from stems.model.names import is_relative_path
from stems.tools.ansible.repository.inventory import ALL, UNGROUPED
from stems.tools.registry import TOOLS

_FILES = "files"
_LINKED = frozenset({"plain files", "stow", "dotbot", "rcm", "yadm"})
"""What brings dotfiles that the tool `files` could bring, too."""


@dataclass(frozen=True, slots=True)
class ProposedDomain:
    """A domain with its tool. `doubt` is why it should stay out.

    `inventory` is the user's own, `why` says what needs it. `groups` need one that cannot be given.
    """

    one: FoundDomain
    doubt: str = ""
    inventory: str = ""
    why: str = ""
    groups: tuple[str, ...] = ()

    @property
    def tool(self) -> str:
        return _FILES if self.one.tool in _LINKED else self.one.tool


def proposed_domains(
    assessment: Assessment, nodes: Collection[str], groups: Collection[str]
) -> tuple[ProposedDomain, ...]:
    """In their own order. `nodes` are those that are proposed, `groups` their roles and architectures."""
    found = (_with_inventory(each, nodes, groups) for each in _domains(assessment))
    return tuple(sorted(found, key=lambda each: tuple(Domain).index(each.one.domain)))


def named_groups(domains: Sequence[ProposedDomain]) -> frozenset[str]:
    """The groups that would have to be roles."""
    return frozenset(group for each in domains if not each.doubt for group in each.groups)


def _with_inventory(domain: ProposedDomain, nodes: Collection[str], groups: Collection[str]) -> ProposedDomain:
    """To a play, a group that is neither a node, role nor architecture is only known from an inventory."""
    own = domain.one.inventory
    known = {*nodes, *groups, ALL, UNGROUPED}
    needed = [use for use in own.uses if use.says not in known] if own else []
    if not own or not needed:
        return domain
    # A node that it calls by another name would be there twice.
    if own.nodes <= frozenset(nodes) and is_relative_path(own.path) and own.path.isprintable():
        why = f"{needed[0].place} names its group {needed[0].says}, which is no node, role or architecture"
        return replace(domain, inventory=own.path, why=why)
    return replace(domain, groups=tuple(dict.fromkeys(use.says for use in needed)))


def _domains(assessment: Assessment) -> Iterator[ProposedDomain]:
    given: set[Domain] = set()

    def weight(one: FoundDomain) -> tuple[bool, bool, int]:
        below = "" if one.root == "." else f"{one.root}/"
        # A service may name another tool of its own; most are for Compose.
        return (
            one.tool not in TOOLS,
            one.tool != "compose",
            -sum(each.folder.startswith(below) for each in assessment.services),
        )

    for one in sorted(_together(assessment.domains), key=weight):
        doubt = _doubt(one)
        if not doubt and one.domain in given:
            doubt = f"there is another root for the {one.domain.value} domain"
        if not doubt:
            given.add(one.domain)
        yield ProposedDomain(one, doubt)


def _together(domains: Sequence[FoundDomain]) -> Iterator[FoundDomain]:
    """Compose has one source, so that several folders of projects become the one that they lie in."""
    several = [one for one in domains if one.tool == "compose"]
    yield from (one for one in domains if one not in several)
    if several:
        roots = ["" if one.root == "." else one.root for one in several]
        yield replace(several[0], root=(commonpath(roots) if all(roots) else "") or ".")


def _doubt(one: FoundDomain) -> str:
    if one.tool in _LINKED:
        what = "plain files" if one.tool == "plain files" else f"files for {one.tool}"
        return f"{what}; this would write every file of {one.root} to the same path below the home folder of each node"
    if TOOLS.get(one.tool) is not one.domain:
        return f"stems has no tool for {one.tool}"
    for path in (one.root, *one.entries[:1]):
        if not is_relative_path(path) or not path.isprintable():
            return f"{path} cannot be named in a cluster file"
    return "no playbook was found" if one.tool == "ansible" and not one.entries else ""
