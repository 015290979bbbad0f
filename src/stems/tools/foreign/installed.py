"""Which tools installed packages bring: found by their entry point, imported when a cluster uses them."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import cast

from stems.errors import ConfigurationError
from stems.model import names
from stems.model.change import Domain
from stems.tools.base import PROTOCOL, ServiceLook, ServiceTool, Tool
from stems.tools.foreign.guest import Guest, GuestLook, ServiceGuest

GROUP = "stems.tools"
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_FUNCTIONS = {
    "check": "job",
    "claims": "job, node",
    "preview": "job, sites",
    "apply": "job, site, changes",
    "restore": "job, site",
}
_BESIDES = {"origin": "job, site, change"}
_OF_SERVICES = {"last_lines": "job, site, service"}
_LOOK = {"look": "cluster, node", "parse_look": "cluster, node, output"}


class ForeignToolError(ConfigurationError):
    """A tool of another package that cannot be used; the message names the package and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A tool as an installed package declares it: `package` with its version, `module` where its modules are."""

    name: str
    package: str
    module: str

    def __str__(self) -> str:
        return f"{self.name} of {self.package}"


@cache
def brought() -> Mapping[str, tuple[Brought, ...]]:
    """Every name that some package declares. It reads the metadata of all packages, so it is asked last."""
    found: dict[str, list[Brought]] = {}
    for point in entry_points(group=GROUP):
        if names.is_name(names.NODE, point.name):
            found.setdefault(point.name, []).append(Brought(point.name, _package(point), point.value.strip()))
    return {name: tuple(sorted(found[name], key=str)) for name in sorted(found)}


def find(name: str, *, taken: Collection[str]) -> Brought | None:
    """Who brings a tool of that name; None when nobody does. `taken` are the names of the tools of stems itself."""
    for own in taken:
        for by in brought().get(own, ()):
            problem = f"{by} has the name of a tool of stems itself, and is never used"
            raise ForeignToolError(problem, remedy=f"uninstall {by.package}, or ask its makers for another name")
    found = brought().get(name, ())
    if len(found) > 1:
        packages = " and ".join(by.package for by in found)
        raise ForeignToolError(f"{name} is brought by {packages}", remedy="uninstall all but one of them")
    return found[0] if found else None


@cache
def tool(by: Brought) -> Guest:
    """The tool, imported and held to the protocol. One object for each, so that it can be compared."""
    module = _load(by, "tool")
    if module.DOMAIN is Domain.SERVICES:
        return ServiceGuest(cast("ServiceTool", module), by.package)
    return Guest(cast("Tool", module), by.package)


@cache
def look(by: Brought) -> GuestLook:
    """How a tool of services looks at them, without the rest of it."""
    return GuestLook(cast("ServiceLook", _load(by, "look")), by.package)


def _package(point: EntryPoint) -> str:
    return names.printable(f"{point.dist.name} {point.dist.version}") if point.dist else "a package without a name"


def _load(by: Brought, part: str) -> ModuleType:
    if not _MODULE.fullmatch(by.module):
        problem = f"{by}: its entry point must name a package, not {names.printable(by.module)!r}"
        raise ForeignToolError(problem, remedy=_makers(by))
    module = _imported(by, part)
    wrong = list(_wrong(module, by, part))
    if wrong:
        raise ForeignToolError(f"{by} cannot be used: {by.module}.{part} {', '.join(wrong)}", remedy=_makers(by))
    return module


def _imported(by: Brought, part: str) -> ModuleType:
    try:
        return importlib.import_module(f"{by.module}.{part}")
    except (Exception, SystemExit) as error:  # noqa: BLE001  # a package may break in any way while it is imported
        said = names.printable(f"{type(error).__name__}: {error}").replace("\n", " ")
        problem = f"{by} cannot be imported: {by.module}.{part}: {said}"
        raise ForeignToolError(problem, remedy=_makers(by)) from None


def _makers(by: Brought) -> str:
    return f"install another version of {by.package.split(' ')[0]}, or show this to its makers"


def _wrong(module: ModuleType, by: Brought, part: str) -> Iterator[str]:
    """What a module lacks of the protocol, or has in a wrong form."""
    spoken = getattr(module, "PROTOCOL", None)
    if type(spoken) is not int or spoken != PROTOCOL:
        said = "does not say which PROTOCOL it follows" if spoken is None else f"follows protocol {spoken!r}"
        yield f"{said}, and this version of stems knows {PROTOCOL}"
        return
    if getattr(module, "NAME", None) != by.name:
        yield f"has the NAME {getattr(module, 'NAME', None)!r}"
    functions = _LOOK
    if part == "tool":
        domain = getattr(module, "DOMAIN", None)
        besides = {name: words for name, words in _BESIDES.items() if hasattr(module, name)}
        functions = {**_FUNCTIONS, **besides, **(_OF_SERVICES if domain is Domain.SERVICES else {})}
        if not isinstance(domain, Domain):
            yield "has no DOMAIN that is one of stems.model.change.Domain"
        if not isinstance(getattr(module, "NEEDS_STAGE", None), bool):
            yield "has no NEEDS_STAGE that is True or False"
    for function, parameters in functions.items():
        found = getattr(module, function, None)
        if not callable(found):
            yield f"has no function `{function}({parameters})`"
        elif not _takes(found, parameters.count(",") + 1):
            yield f"has a `{function}` that does not take ({parameters})"


def _takes(function: Callable[..., object], count: int) -> bool:
    try:
        inspect.signature(function).bind(*range(count))
    except (TypeError, ValueError):
        return False
    return True
