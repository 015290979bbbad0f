"""The tools that exist, and which of them a cluster uses."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from stems.errors import ConfigurationError
from stems.model.cluster import Cluster
from stems.tools.base import ServiceTool, Settings, Tool

SERVICE_TOOLS = ("compose",)
TOOLS = ("ansible", "files", *SERVICE_TOOLS)

if TYPE_CHECKING:
    from stems.tools import ansible, compose, files

    # A tool is imported when it is asked; mypy holds each to its protocol here.
    _SERVICE_TOOLS: tuple[ServiceTool, ...] = (compose,)
    _TOOLS: tuple[Tool, ...] = (ansible, files, *_SERVICE_TOOLS)


def tool(name: str) -> Tool:
    """The tool of that name."""
    if name not in TOOLS:
        close = difflib.get_close_matches(name, TOOLS, n=1)
        raise ConfigurationError(
            f"{name}: no such tool",
            remedy=f"did you mean `{close[0]}`?" if close else f"the tools are {', '.join(TOOLS)}",
        )
    return cast("Tool", importlib.import_module(f"stems.tools.{name}"))


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
    found = {name: tool(name) for name in named}
    return tuple(cast("ServiceTool", found[name]) for name in SERVICE_TOOLS if name in found)
