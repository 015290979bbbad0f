"""The tools that exist, and which of them a cluster uses."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from stems.errors import ConfigurationError
from stems.model.change import Domain
from stems.model.cluster import Cluster
from stems.model.finding import Place
from stems.tools import ansible, compose, files
from stems.tools.base import ServiceTool, Settings, Tool

SERVICE_TOOLS: tuple[ServiceTool, ...] = (compose,)
TOOLS: tuple[Tool, ...] = (ansible, files, *SERVICE_TOOLS)


def tool(name: str, place: Place) -> Tool:
    """The tool of that name; `place` is where somebody wrote it."""
    for candidate in TOOLS:
        if name == candidate.NAME:
            return candidate
    names = [candidate.NAME for candidate in TOOLS]
    close = difflib.get_close_matches(name, names, n=1)
    raise ConfigurationError(
        f"{place}: {name} is not a tool of this version",
        remedy=f"did you mean `{close[0]}`?" if close else f"the tools are {', '.join(names)}",
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
        raise ConfigurationError(
            f"{place}: {name} is a tool of the {found.DOMAIN.value} domain, not of {domain.value}",
            remedy=f"tools of {domain.value} are {', '.join(each.NAME for each in TOOLS if each.DOMAIN is domain)}",
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
    return tuple(candidate for candidate in SERVICE_TOOLS if candidate.NAME in named)
