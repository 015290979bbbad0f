"""The tools that exist, here and in other packages, and which of them a cluster uses."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Iterator, Sequence
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
"""Each tool of stems itself with its domain, so that a name can be judged without importing what it names."""
SERVICE_TOOLS = tuple(name for name, domain in TOOLS.items() if domain is Domain.SERVICES)

if TYPE_CHECKING:
    from stems.tools.ansible import tool as ansible
    from stems.tools.base import GroupTool, ServiceLook, ServiceTool, Settings, Tool
    from stems.tools.chezmoi import tool as chezmoi
    from stems.tools.compose import look as compose_look
    from stems.tools.compose import tool as compose
    from stems.tools.files import tool as files
    from stems.tools.foreign.installed import Brought
    from stems.tools.origin import KeepingTool
    from stems.tools.systemd import look as systemd_look
    from stems.tools.systemd import tool as systemd

    # A tool is imported when a cluster uses it; here mypy holds each to its protocol.
    _SERVICE_LOOKS: tuple[ServiceLook, ...] = (compose_look, systemd_look)
    _SERVICE_TOOLS: tuple[ServiceTool, ...] = (compose, systemd)
    _GROUP_TOOLS: tuple[GroupTool, ...] = (ansible,)
    _KEEPING_TOOLS: tuple[KeepingTool, ...] = (ansible, chezmoi, files, systemd)
    _TOOLS: tuple[Tool, ...] = (ansible, chezmoi, files, *_SERVICE_TOOLS)


def refusal(name: str, domain: Domain, *, by_name: bool = False) -> tuple[str, str] | None:
    """What is wrong with a tool that somebody named for a domain, and what to do; None when nothing is.

    With `by_name`, a tool of another package is not imported, which leaves open whether it can be used.
    """
    if name in TOOLS:
        return _misplaced(name, TOOLS[name], domain)
    try:
        by = _find(name)
        if by is None:
            return _unknown(name)
        return None if by_name else _misplaced(str(by), _import_foreign(by).DOMAIN, domain)
    except ConfigurationError as error:
        return error.problem, error.remedy


def _misplaced(title: str, found: Domain, domain: Domain) -> tuple[str, str] | None:
    if found is domain:
        return None
    own = ", ".join(each for each in TOOLS if TOOLS[each] is domain)
    foreign = [name for name in _brought() if name not in TOOLS]
    others = f"; other packages bring {', '.join(foreign)}" if foreign else ""
    problem = f"{title} is a tool of the {found.value} domain, not of {domain.value}"
    return problem, f"tools of {domain.value} are {own}{others}"


def _unknown(name: str) -> tuple[str, str]:
    import difflib  # noqa: PLC0415  # only a mistyped name pays for it

    names = list(dict.fromkeys((*TOOLS, *_brought())))
    close = difflib.get_close_matches(name, names, n=1)
    remedy = (
        f"did you mean `{close[0]}`?"
        if close
        else f"the tools are {', '.join(names)}; for another, install its package"
    )
    return f"{name} is not a tool of this version, and no installed package brings it", remedy


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
    """The tools of the services domain: those that the cluster names, and all of stems itself, in their order.

    These are asked even where no service uses them any more, because they find what was left behind.
    """
    if not cluster.domains.services:
        return ()
    _require_known(cluster)
    foreign = [name for name in _names_for_services(cluster) if name not in TOOLS]
    in_order = _in_order(cluster, (*SERVICE_TOOLS, *foreign))
    return tuple(cast("ServiceTool", _load(name)) for name in in_order)


def tool_waits(cluster: Cluster) -> dict[tuple[str, str], tuple[str, int]]:
    """Each tool of services with one that it has to wait for on a node, and which `after` of a service says so."""
    found: dict[tuple[str, str], tuple[str, int]] = {}
    for service in cluster.services.values():
        for index, name in enumerate(service.after):
            other = cluster.services.get(name)
            if other and other.tool != service.tool and set(other.nodes) & set(service.nodes):
                found.setdefault((service.tool, other.tool), (service.name, index))
    return found


def _in_order(cluster: Cluster, names: Sequence[str]) -> list[str]:
    """The tools of services as they are applied: one that waits for another comes after it."""
    waits, left, ordered = tool_waits(cluster), list(names), list[str]()
    while left:
        # Those that wait for each other are a rule's business.
        ready = next((name for name in left if not any((name, other) in waits for other in left)), left[0])
        left.remove(ready)
        ordered.append(ready)
    return ordered


def service_looks_of(cluster: Cluster) -> tuple[ServiceLook, ...]:
    """How the same tools look at services. The rest of them would take longer to import than nodes to answer."""
    if not cluster.domains.services:
        return ()
    # No other tool is asked, so none keeps a look from being taken: what runs may come from one that is gone here.
    _require_known(cluster, [Domain.SERVICES], by_name=True)
    return tuple(_load_look(name, place) for name, place in _names_for_services(cluster).items())


def _names_for_services(cluster: Cluster) -> dict[str, Place]:
    """The tools that services use, each with a place that says so; those of stems itself first."""
    named = {name: place for name, domain, place in named_tools(cluster) if domain is Domain.SERVICES}
    return {**{name: named[name] for name in SERVICE_TOOLS if name in named}, **named}


def _require_known(cluster: Cluster, domains: Collection[Domain] = tuple(Domain), *, by_name: bool = False) -> None:
    for name, domain, place in named_tools(cluster):
        found = refusal(name, domain, by_name=by_name) if domain in domains else None
        if found:
            raise ConfigurationError(f"{place}: {found[0]}", remedy=found[1])


def _load(name: str) -> object:
    """A tool that is known to be one."""
    by = None if name in TOOLS else _find(name)
    return _import_foreign(by) if by else importlib.import_module(f"stems.tools.{name}.tool")


def _load_look(name: str, place: Place) -> ServiceLook:
    by = None if name in TOOLS else _find(name)
    if by is None:
        return cast("ServiceLook", importlib.import_module(f"stems.tools.{name}.look"))
    from stems.tools.foreign import installed  # noqa: PLC0415

    try:
        return installed.look(by)
    except ConfigurationError as error:
        # A tool of another domain has none; then that is what is wrong.
        problem, remedy = refusal(name, Domain.SERVICES) or (error.problem, error.remedy)
        raise ConfigurationError(f"{place}: {problem}", remedy=remedy) from None


def _find(name: str) -> Brought | None:
    from stems.tools.foreign import installed  # noqa: PLC0415  # metadata of packages costs a quarter of a start

    return installed.find(name, taken=TOOLS)


def _brought() -> Iterable[str]:
    from stems.tools.foreign import installed  # noqa: PLC0415

    return installed.brought()


def _import_foreign(by: Brought) -> Tool:
    from stems.tools.foreign import installed  # noqa: PLC0415

    return installed.tool(by)
