"""The tools that exist, and which of them a cluster uses."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from stems.errors import ConfigurationError
from stems.model.change import Domain
from stems.model.cluster import Cluster
from stems.model.finding import Place
from stems.tools.base import ServiceTool, Settings, Tool

SERVICE_TOOLS = ("compose",)
TOOLS = ("ansible", "files", *SERVICE_TOOLS)

if TYPE_CHECKING:
    from stems.tools import ansible, compose, files

    # A tool is imported when a cluster uses it; here mypy holds each to its protocol.
    _SERVICE_TOOLS: tuple[ServiceTool, ...] = (compose,)
    _TOOLS: tuple[Tool, ...] = (ansible, files, *_SERVICE_TOOLS)


def tool(name: str, place: Place) -> Tool:
    """The tool of that name; `place` is where somebody wrote it."""
    if name in TOOLS:
        return cast("Tool", importlib.import_module(f"stems.tools.{name}"))
    close = difflib.get_close_matches(name, TOOLS, n=1)
    raise ConfigurationError(
        f"{place}: {name} is not a tool of this version",
        remedy=f"did you mean `{close[0]}`?" if close else f"the tools are {', '.join(TOOLS)}",
    )


def tools_of(cluster: Cluster) -> Iterator[tuple[Tool, Settings]]:
    """Every domain entry with its tool, in the order in which they are applied: system, user, services."""
    domains, written = cluster.domains, cluster.written
    if domains.system:
        yield _of_domain(domains.system.tool, Domain.SYSTEM, written.place("domains", "system", "tool")), domains.system
    for entry in domains.user:
        yield _of_domain(entry.tool, Domain.USER, written.place("domains", "user")), entry
    if domains.services:
        for candidate in service_tools_of(cluster):
            yield candidate, domains.services


def _of_domain(name: str, domain: Domain, place: Place) -> Tool:
    found = tool(name, place)
    if found.DOMAIN is not domain:
        others = ", ".join(each for each in TOOLS if tool(each, place).DOMAIN is domain)
        raise ConfigurationError(
            f"{place}: {name} is a tool of the {found.DOMAIN.value} domain, not of {domain.value}",
            remedy=f"tools of {domain.value} are {others}",
        )
    return found


def service_tools_of(cluster: Cluster) -> tuple[ServiceTool, ...]:
    """The tools of the services domain, the default one even when no service uses it: it finds what was left behind."""
    if not cluster.domains.services:
        return ()
    places = {cluster.domains.services.tool: cluster.written.place("domains", "services", "tool")}
    for service in cluster.services.values():
        places.setdefault(service.tool, cluster.written.place("services", service.name))
    named = {_of_domain(name, Domain.SERVICES, place).NAME for name, place in places.items()}
    return tuple(cast("ServiceTool", tool(name, places[name])) for name in SERVICE_TOOLS if name in named)
