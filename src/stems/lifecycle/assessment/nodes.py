"""Every place that speaks of a node, brought together by name and by address."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address

from stems.model.assessment import FoundNode, Sighting, Strength

_ORDER = tuple(Strength)


@dataclass(slots=True)
class _Group:
    """What is one node as far as it is known. `labels` are what sightings call it, `addresses` where it was seen."""

    sightings: list[Sighting] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    addresses: set[tuple[str, int]] = field(default_factory=set)

    def take(self, sighting: Sighting) -> None:
        self.sightings.append(sighting)
        self.labels.add(label(sighting.name))
        self.others.update(map(label, sighting.others))
        if where := _where(sighting):
            self.addresses.add(where)


def nodes_of(sightings: Iterable[Sighting]) -> tuple[FoundNode, ...]:
    """Strong places first, so that weak ones join what they are about instead of making something new."""
    groups: list[_Group] = []
    by_label: dict[str, _Group] = {}
    by_address: dict[tuple[str, int], _Group] = {}
    for sighting in sorted(sightings, key=lambda one: (_ORDER.index(one.strength), is_address(one.name))):
        group = _home(sighting, by_label, by_address)
        if group is None:
            group = _Group()
            groups.append(group)
        group.take(sighting)
        own = label(sighting.name)
        # What is a name of its own is no longer only an alias of another node.
        if own not in by_label or own not in by_label[own].labels:
            by_label[own] = group
        for other in group.others:
            by_label.setdefault(other, group)
        for where in group.addresses:
            by_address.setdefault(where, group)
    return tuple(sorted((_node(group) for group in groups), key=lambda node: (_ORDER.index(node.strength), node.name)))


@lru_cache(maxsize=4096)
def label(name: str) -> str:
    """What people call a node: its name up to the first dot, in lower case."""
    return name if is_address(name) else name.lower().partition(".")[0]


@lru_cache(maxsize=4096)
def is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _home(sighting: Sighting, by_label: dict[str, _Group], by_address: dict[tuple[str, int], _Group]) -> _Group | None:
    where = _where(sighting)
    own = by_label.get(label(sighting.name))
    if own and (label(sighting.name) in own.labels or not _contradicts(own, where)):
        return own
    if where and where in by_address:
        return by_address[where]
    for other in map(label, sighting.others):
        group = by_label.get(other)
        # A word such as `proxy` may be an alias of several nodes.
        if group and other in group.labels and not _contradicts(group, where):
            return group
    return None


def _contradicts(group: _Group, where: tuple[str, int] | None) -> bool:
    return where is not None and bool(group.addresses) and where not in group.addresses


def _where(sighting: Sighting) -> tuple[str, int] | None:
    """The address, where it is one that means the same everywhere; behind one there may be several ports."""
    text = sighting.address or (sighting.name if is_address(sighting.name) else "")
    if not text or not is_address(text) or ip_address(text).is_loopback:
        return None
    return text, sighting.port or 22


def _node(group: _Group) -> FoundNode:
    named = [one for one in group.sightings if not is_address(one.name)] or group.sightings
    name = named[0].name.lower()
    # A declared name is what it is; the others are what people say, which is short.
    name = name if re.fullmatch(r"[^.]+", name) or is_address(name) else label(name)
    every = [word for one in group.sightings for word in (one.name, *one.others)]
    others = tuple(word for word in dict.fromkeys(every) if word.lower() != name and not is_address(word))
    return FoundNode(name, others, tuple(group.sightings))
