"""Which nodes the `hosts:` of a play reaches, as far as it can be seen without Ansible."""

from __future__ import annotations

import re

from stems.model.cluster import Cluster
from stems.tools.ansible.inventory import groups_of

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def is_local(patterns: str) -> bool:
    return any(part in LOCAL for part in _parts(patterns))


def reached(patterns: str, cluster: Cluster) -> frozenset[str] | None:
    """The nodes that a pattern reaches; `None` where only Ansible can tell."""
    if not patterns or re.search(r"[\[\]{}~]", patterns):
        return None
    groups = {"all": tuple(cluster.nodes), "*": tuple(cluster.nodes), **groups_of(cluster)}
    found: frozenset[str] = frozenset()
    for part in sorted(_parts(patterns), key=_rank):
        names = _names(part.lstrip("!&"), groups, cluster)
        found = found - names if part[0] == "!" else found & names if part[0] == "&" else found | names
    return found


def _parts(patterns: str) -> list[str]:
    return [part for part in re.split(r"[,:]", patterns.replace(" ", "")) if part]


def _rank(part: str) -> int:
    # Ansible takes what is added first, then intersections, then exclusions.
    return {"&": 1, "!": 2}.get(part[0], 0)


def _names(part: str, groups: dict[str, tuple[str, ...]], cluster: Cluster) -> frozenset[str]:
    if part in groups:
        return frozenset(groups[part])
    shape = re.compile(re.escape(part).replace(r"\*", ".*").replace(r"\?", "."))
    matching = [name for name in (*groups, *cluster.nodes) if shape.fullmatch(name)]
    return frozenset(node for name in matching for node in groups.get(name, (name,)))
