"""Nodes of discovered truth, as `.meta/ssot/` has it, and of other files that are about nodes by their name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stems.lifecycle.assessment.evidence.listed import at, nodes_in, sighting_of
from stems.lifecycle.assessment.look import Look
from stems.model.assessment import Sighting, Strength
from stems.validation.files import File

_TRUTH = re.compile(r"(?:.*/)?(?:\.?meta/)?(?:ssot|truth)/(?P<rest>.+)\.(?:ya?ml|json)")
_ABOUT_NODES = re.compile(
    r"(?:.*/)?(?:cluster|nodes|machines|infrastructure|topology|inventory|hosts|servers|network|homelab)"
    r"(?:[_-](?:truth|info|config|map|nodes|inventory|data))?\.(?:ya?ml|json)"
)
_OF_ONE = re.compile(r"(?:.*/)?(?:nodes|hosts|machines|servers)/(?P<name>[^/]+)")


def sightings(look: Look) -> Iterator[Sighting]:
    for file in look.settled:
        truth = _TRUTH.fullmatch(file.path)
        if truth:
            yield from _of(file, "discovered truth", truth["rest"])
        elif _ABOUT_NODES.fullmatch(file.path) and not (look.is_declared and file.path == "config/cluster.yml"):
            yield from _of(file, "list of nodes", "")


def _of(file: File, says: str, rest: str) -> Iterator[Sighting]:
    for document in file.documents[:20]:
        if not rest and _is_inventory(document.value):
            continue
        yield from nodes_in(document.value, at(document), says, Strength.DECLARED, names_alone=bool(rest))
        alone = _OF_ONE.fullmatch(rest)
        name = alone["name"] if alone else rest if rest and "/" not in rest else ""
        one = sighting_of(name, document.value, document.place(), says, Strength.DECLARED) if name else None
        # A file such as `infrastructure-truth.yaml` says `type` and `name` of itself.
        if one and (alone or one.address):
            yield one


def _is_inventory(value: object) -> bool:
    """Whether it has the groups of an Ansible inventory, which is read as one."""
    groups = value.values() if isinstance(value, Mapping) else ()
    return any(isinstance(group, Mapping) and not {"hosts", "children"}.isdisjoint(group) for group in groups)
