"""A path that two domain entries own by default."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.cluster import Domains
from stems.model.finding import Finding
from stems.validation.codes import TWO_DEFAULTS
from stems.validation.resource import resource_of
from stems.validation.rule import Rule, Stage, Subject

WHY = """`owns` says whose a path is when no tool claims it. Two answers are no answer."""

Entry = tuple[tuple[str | int, ...], str]


def check(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, tuple[str | int, ...]] = {}
    for (keys, path), account in _owned(subject.cluster.domains):
        name = resource_of(f"file:{path}", account).name
        first = seen.setdefault(name, keys)
        if first != keys:
            place, other = subject.cluster.written.place(*keys), subject.cluster.written.place(*first)
            yield Finding(TWO_DEFAULTS, place, f"{path}: already owned at {other}", "let one domain own it")


def _owned(domains: Domains) -> Iterator[tuple[Entry, str]]:
    for index, entry in enumerate(domains.user):
        for position, path in enumerate(entry.owns):
            yield (("domains", "user", index, "owns", position), path), entry.account
    for position, path in enumerate(domains.system.owns if domains.system else ()):
        yield (("domains", "system", "owns", position), path), ""


RULE = Rule(TWO_DEFAULTS, "two-default-owners", Stage.CLUSTER, WHY, check)
