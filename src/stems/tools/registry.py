"""The tools that exist, and which of them a cluster uses."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from stems.errors import ConfigurationError
from stems.model.change import Domain
from stems.model.cluster import Cluster
from stems.model.finding import Place

TOOLS = {
    "ansible": Domain.SYSTEM,
    "files": Domain.USER,
    "chezmoi": Domain.USER,
    "compose": Domain.SERVICES,
    "systemd": Domain.SERVICES,
}
"""Each tool with its domain, so that a name can be judged without importing what it names."""
SERVICE_TOOLS = tuple(name for name, domain in TOOLS.items() if domain is Domain.SERVICES)

if TYPE_CHECKING:
    from stems.tools.ansible import tool as ansible
    from stems.tools.base import ServiceLook, ServiceTool, Settings, Tool
    from stems.tools.chezmoi import tool as chezmoi
    from stems.tools.compose import look as compose_look
    from stems.tools.compose import tool as compose
    from stems.tools.files import tool as files
    from stems.tools.systemd import look as systemd_look
    from stems.tools.systemd import tool as systemd

    # A tool is imported when a cluster uses it; here mypy holds each to its protocol.
    _SERVICE_LOOKS: tuple[ServiceLook, ...] = (compose_look, systemd_look)
    _SERVICE_TOOLS: tuple[ServiceTool, ...] = (compose, systemd)
    _TOOLS: tuple[Tool, ...] = (ansible, chezmoi, files, *_SERVICE_TOOLS)


def refusal(name: str, domain: Domain) -> tuple[str, str] | None:
    """What is wrong with a tool that somebody named for a domain, and what to do; None when nothing is."""
    if name not in TOOLS:
        import difflib  # noqa: PLC0415  # only a mistyped name pays for it

        close = difflib.get_close_matches(name, TOOLS, n=1)
        remedy = f"did you mean `{close[0]}`?" if close else f"the tools are {', '.join(TOOLS)}"
        return f"{name} is not a tool of this version", remedy
    found = TOOLS[name]
    if found is domain:
        return None
    others = ", ".join(each for each in TOOLS if TOOLS[each] is domain)
    return (
        f"{name} is a tool of the {found.value} domain, not of {domain.value}",
        f"tools of {domain.value} are {others}",
    )


def named_tools(cluster: Cluster) -> Iterator[tuple[str, Domain, Place]]:
    """Each tool that the cluster names, for which domain and where."""
    domains, place = cluster.domains, cluster.written.place
    if domains.system:
        yield domains.system.tool, Domain.SYSTEM, place("domains", "system", "tool")
    for index, entry in enumerate(domains.user):
        # A single entry may be written without a list; the deeper of both places is the one that is there.
        places = place("domains", "user", "tool"), place("domains", "user", index, "tool")
        yield entry.tool, Domain.USER, max(places)
    if domains.services:
        yield domains.services.tool, Domain.SERVICES, place("domains", "services", "tool")
    for service in cluster.services.values():
        if not domains.services or service.tool != domains.services.tool:
            yield service.tool, Domain.SERVICES, place("services", service.name, "tool")


def tools_of(cluster: Cluster) -> Iterator[tuple[Tool, Settings]]:
    """Every domain entry with its tool, in the order in which they are applied: system, user, services."""
    _require_known(cluster)
    domains = cluster.domains
    if domains.system:
        yield cast("Tool", _load(domains.system.tool)), domains.system
    for entry in domains.user:
        yield cast("Tool", _load(entry.tool)), entry
    if domains.services:
        for candidate in service_tools_of(cluster):
            yield candidate, domains.services


def service_tools_of(cluster: Cluster) -> tuple[ServiceTool, ...]:
    """The tools of the services domain in their order, even those that no service uses any more.

    Those find what was left behind.
    """
    if not cluster.domains.services:
        return ()
    _require_known(cluster)
    return tuple(cast("ServiceTool", _load(name)) for name in _in_order(cluster))


def tool_waits(cluster: Cluster) -> dict[tuple[str, str], tuple[str, int]]:
    """Each tool of services with one that it has to wait for on a node, and which `after` of a service says so."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for service in cluster.services.values():
        for index, name in enumerate(service.after):
            other = cluster.services.get(name)
            if other and other.tool != service.tool and set(other.nodes) & set(service.nodes):
                found.setdefault((service.tool, other.tool), (service.name, index))
    return found


def _in_order(cluster: Cluster) -> tuple[str, ...]:
    """The tools of services as they are applied: one that waits for another comes after it."""
    waits = tool_waits(cluster)
    first = [name for name in SERVICE_TOOLS if not any((name, other) in waits for other in SERVICE_TOOLS)]
    return (*first, *(name for name in SERVICE_TOOLS if name not in first))


def service_looks_of(cluster: Cluster) -> tuple[ServiceLook, ...]:
    """How the same tools look at services. The rest of them would take longer to import than nodes to answer."""
    return tuple(cast("ServiceLook", _load(name, part="look")) for name in _service_tool_names(cluster))


def _service_tool_names(cluster: Cluster) -> Iterator[str]:
    if not cluster.domains.services:
        return
    _require_known(cluster)
    named = {cluster.domains.services.tool, *(service.tool for service in cluster.services.values())}
    yield from (name for name in SERVICE_TOOLS if name in named)


def _require_known(cluster: Cluster) -> None:
    for name, domain, place in named_tools(cluster):
        found = refusal(name, domain)
        if found:
            raise ConfigurationError(f"{place}: {found[0]}", remedy=found[1])


def _load(name: str, *, part: str = "tool") -> object:
    return importlib.import_module(f"stems.tools.{name}.{part}")
