"""What a commit names on a node, seen without the node: by the claims of its tools, else by its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stems.lifecycle.jobs import Work
from stems.model.change import Domain
from stems.model.claim import Certainty, Claim, Extent
from stems.model.node import Node
from stems.readers.globs import is_valid, matches
from stems.validation.resource import above, resource_of

CLAIMED = ("file", "unit")
"""The kinds that every tool claims. Of others only the text of a commit tells."""

_BELOW = (Extent.FILLED, Extent.TREE, Extent.GONE)
_LARGEST = 1024 * 1024
_ROLE = re.compile(r"^.* : ")


@dataclass(frozen=True)
class Named:
    """What one commit names on one node."""

    claims: Sequence[Claim]
    text: str
    user: str = ""

    def has(self, resource: str) -> bool:
        kind, _, name = resource.partition(":")
        if kind in CLAIMED:
            return self._claims(resource)
        return any(_occurs(each, self.text) for each in _spellings(kind, name))

    def doubt(self, resource: str) -> str:
        """Why it may be named all the same."""
        kind = resource.partition(":")[0]
        if kind == "file" and resource_of(resource, self.user) in self._lines:
            return "only some lines of it, and those it does not change"
        unread = [claim for claim in self.claims if claim.certainty is Certainty.UNKNOWN]
        if any(claim.resource.startswith(f"{kind}:") for claim in unread):
            return "as far as can be seen: some of its tasks name what only a run tells"
        return ""

    def _claims(self, resource: str) -> bool:
        """Lines in a file do not count: who wants some of them says nothing of the others."""
        wanted = resource_of(resource, self.user)
        if wanted in self._whole:
            return True
        if wanted.kind != "file":
            return False
        every = (wanted.name, *above(wanted.name))
        return not self._filled.isdisjoint(every[1:]) or any(
            matches(pattern, path) for pattern in self._patterns for path in every
        )

    @cached_property
    def _known(self) -> list[Claim]:
        return [claim for claim in self.claims if claim.certainty is not Certainty.UNKNOWN]

    @cached_property
    def _whole(self) -> frozenset[object]:
        return frozenset(
            resource_of(claim.resource, self.user)
            for claim in self._known
            if claim.extent is not Extent.PART and not claim.is_pattern
        )

    @cached_property
    def _lines(self) -> frozenset[object]:
        parts = (claim for claim in self._known if claim.extent is Extent.PART)
        return frozenset(resource_of(claim.resource, self.user) for claim in parts)

    @cached_property
    def _filled(self) -> frozenset[str]:
        return frozenset(resource_of(each.resource, self.user).name for each in self._known if each.extent in _BELOW)

    @cached_property
    def _patterns(self) -> list[str]:
        names = [resource_of(claim.resource, self.user).name for claim in self._known if claim.is_pattern]
        return [name for name in names if is_valid(name)]


def named_by(work: Work, node: Node) -> Named:
    """Everything that the tools of a commit claim on a node, and the text of its system domain."""
    node = work.cluster.nodes.get(node.name, node)
    claims = [claim for entry in work.entries for claim in entry.tool.claims(entry.job, node)]
    system = [entry.job for entry in work.entries if entry.domain is Domain.SYSTEM]
    values = [str(job.variables.get(node.name, "")) for job in system]
    return Named(claims, "\n".join([*values, *_texts(job.source for job in system)]), node.ssh.user)


def _texts(folders: Iterable[Path]) -> Iterator[str]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST:
                yield path.read_text("utf-8", "replace")


def _spellings(kind: str, name: str) -> tuple[str, ...]:
    """How it may be written: Ansible puts the role before the name of a task, and behind it where it acts."""
    if kind != "task":
        return (name,)
    bare = _ROLE.sub("", name)
    return (bare, bare.rpartition(" on ")[0]) if " on " in bare else (bare,)


def _occurs(name: str, text: str) -> bool:
    return bool(name) and bool(re.search(rf"(?<![\w.+-]){re.escape(name)}(?![\w+-])", text))
