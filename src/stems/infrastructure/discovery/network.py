"""Addresses of each interface, without those that come and go."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stems.model.truth import UNKNOWN, Fact

SNIPPET = """
PATH=$PATH:/usr/sbin:/sbin
ip -o addr show
"""

_LINE = re.compile(r"\d+: (?P<name>[\w.:-]+)(?:@\S+)?\s+inet6? (?P<address>[0-9a-fA-F:.]+(?:/\d{1,3})?)\s(?P<rest>.*)")
# Docker, Podman and Kubernetes make one for each container or network.
_PASSING = re.compile(r"lo|docker\d+|br-[0-9a-f]{12}|veth.*|podman\d+|cni.*|cali.*|flannel.*|lxc.*|vnet\d+|tap\d+")
_KEPT = re.compile(r".*\bscope global\b(?!.*\b(?:temporary|deprecated|tentative|dadfailed)\b).*")


def addresses(text: str) -> Fact[Mapping[str, tuple[str, ...]]]:
    """Those that others can reach. One that IPv6 makes up for a day is none."""
    lines = text.splitlines()
    found: dict[str, set[str]] = {}
    for match in filter(None, map(_LINE.match, lines)):
        if not _PASSING.fullmatch(match["name"]) and _KEPT.match(match["rest"]):
            found.setdefault(match["name"], set()).add(match["address"])
    # Every machine has its loopback: without it, nothing was understood.
    if not any(" lo " in line for line in lines):
        return UNKNOWN
    return {name: tuple(sorted(found[name])) for name in sorted(found)}
