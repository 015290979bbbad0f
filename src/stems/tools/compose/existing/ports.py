"""Ports of a container as Compose writes them."""

from __future__ import annotations

from collections.abc import Iterator

from stems.model.names import printable
from stems.tools.compose.existing.found import Existing
from stems.tools.compose.project import as_list, as_section


def published(one: Existing) -> Iterator[str]:
    """`address:port:port/protocol` of each port that the node gives to a container."""
    for inner, bindings in as_section(one.part("HostConfig", "PortBindings")).items():
        port = inner.removesuffix("/tcp")
        for binding in as_list(bindings):
            address, outer = (str(as_section(binding).get(key) or "") for key in ("HostIp", "HostPort"))
            if ":" in address:
                address = f"[{address}]"
            # Without a port of its own it gets one that Docker chooses at each start.
            outer = "" if outer == "0" else outer
            yield printable(":".join([*([address] if address else []), *([outer] if outer or address else []), port]))
