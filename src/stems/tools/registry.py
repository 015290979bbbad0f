"""The tools that exist, and which of them a cluster uses."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from stems.errors import ConfigurationError
from stems.model.cluster import Cluster
from stems.tools import ansible, compose, files
from stems.tools.base import ServiceTool, Settings, Tool

SERVICE_TOOLS: tuple[ServiceTool, ...] = (compose,)
TOOLS: tuple[Tool, ...] = (ansible, files, *SERVICE_TOOLS)


def tool(name: str) -> Tool:
    """The tool of that name."""
    for candidate in TOOLS:
        if name == candidate.NAME:
            return candidate
    names = [candidate.NAME for candidate in TOOLS]
    close = difflib.get_close_matches(name, names, n=1)
    raise ConfigurationError(
        f"{name}: no such tool",
        remedy=f"did you mean `{close[0]}`?" if close else f"the tools are {', '.join(names)}",
    )


def tools_of(cluster: Cluster) -> Iterator[tuple[Tool, Settings]]:
    """Every domain entry with its tool, in the order in which they are applied: system, user, services."""
    if cluster.domains.system:
        yield tool(cluster.domains.system.tool), cluster.domains.system
    for entry in cluster.domains.user:
        yield tool(entry.tool), entry
    if cluster.domains.services:
        for candidate in service_tools_of(cluster):
            yield candidate, cluster.domains.services


def service_tools_of(cluster: Cluster) -> tuple[ServiceTool, ...]:
    """The tools of the services domain, the default one even when no service uses it: it finds what was left behind."""
    if not cluster.domains.services:
        return ()
    named = {cluster.domains.services.tool, *(service.tool for service in cluster.services.values())}
    for name in named:
        tool(name)
    return tuple(candidate for candidate in SERVICE_TOOLS if candidate.NAME in named)
