"""Ports in their short form: `127.0.0.1:8080:80/tcp`, ranges and IPv6 included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address

from stems.tools.compose.model.value import Data, Value

_RANGE = re.compile(r"(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?")
_LARGEST = 65535
MOST_SPREAD = 64
"""A longer range of ports in the container stays one entry, which says how long it is."""
SPAN = "x-span"
_PROTOCOLS = frozenset({"tcp", "udp", "sctp"})


def port_fields(item: Value) -> list[Value]:
    """The long form of an entry, one for each port in the container. Raises `ValueError` for what Compose refuses."""
    data = item.data
    is_short = isinstance(data, str | int | float) and not isinstance(data, bool)
    return list(_ports(item, str(data))) if is_short else [item]


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _ports(item: Value, text: str) -> Iterator[Value]:
    host, published, inside, protocol = _split(text)
    first, last = _range(inside, text)
    outside = _range(published, text) if published else None
    if first == 0:
        raise ValueError(f"`{text}`: 0 is no port in a container")
    spread = outside and outside[1] - outside[0] != last - first
    if spread and last != first:
        raise ValueError(f"`{text}` has as many ports outside as inside only when both ranges are as long")
    step = 1 if last - first < MOST_SPREAD else last - first + 1
    for target in range(first, last + 1, step):
        said: dict[str, Data] = {"mode": "ingress", "target": target, "protocol": protocol}
        if step > 1:
            said[SPAN] = step
        if host:
            said["host_ip"] = host
        if outside:
            said["published"] = published if spread or step > 1 else str(outside[0] + target - first)
        yield item.having({name: item.having(value) for name, value in said.items()})


def _split(text: str) -> tuple[str, str, str, str]:
    """Address, published port, port in the container and protocol."""
    rest, slash, protocol = text.partition("/")
    protocol = protocol.lower() if slash else "tcp"
    if protocol not in _PROTOCOLS:
        raise ValueError(f"`{text}` has no protocol that Compose knows: tcp, udp or sctp")
    *before, inside = rest.split(":")
    if not inside:
        raise ValueError(f"`{text}` names no port in the container")
    published = before.pop() if before else ""
    host = ":".join(before)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if host and not is_address(host):
        raise ValueError(f"`{text}`: `{host}` is no IP address")
    return host, published, inside, protocol


def _range(text: str, whole: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(text)
    first = int(found["first"]) if found else -1
    last = int(found["last"] or found["first"]) if found else -1
    if not 0 <= first <= last <= _LARGEST:
        raise ValueError(f"`{whole}`: `{text}` is no port and no range of ports")
    return first, last
