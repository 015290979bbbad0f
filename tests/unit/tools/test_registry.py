"""The registry judges a tool by its name, and imports only the tools that a cluster uses."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from stems.model.change import Domain
from stems.model.cluster import Cluster, Domains, ServicesDomain
from stems.model.service import Service
from stems.tools.registry import SERVICE_TOOLS, TOOLS, refusal, service_tools_of

ALONE = """
import sys
from stems.model.cluster import Cluster, Domains, ServicesDomain, SystemDomain, UserDomain
from stems.tools.registry import service_looks_of
domains = Domains((UserDomain("files", "d"),), SystemDomain("ansible", "a"), ServicesDomain("compose", "s"))
found = service_looks_of(Cluster("colab", "~/colab", {}, domains=domains))
rest = {f"stems.tools.{name}.tool" for name in ("ansible", "files", "compose")}
print([look.NAME for look in found], {*rest, "jinja2", "yaml", "importlib.metadata"} & set(sys.modules))
"""


def test_only_the_tools_that_are_asked_are_imported() -> None:
    """`status` asks those of services: importing all of them took it as long as the nodes took to answer.

    Nor is the metadata of packages read, which only tools of other packages need.
    """
    ended = subprocess.run((sys.executable, "-c", ALONE), capture_output=True, text=True, check=True)

    assert ended.stdout == "['compose'] set()\n"


@pytest.mark.parametrize("name", TOOLS)
def test_the_domain_of_a_tool_is_its_own(name: str) -> None:
    assert importlib.import_module(f"stems.tools.{name}.tool").DOMAIN is TOOLS[name]


def test_a_tool_of_another_domain_is_refused() -> None:
    assert refusal("compose", Domain.SERVICES) is None
    assert refusal("files", Domain.SERVICES) == (
        "files is a tool of the user domain, not of services",
        "tools of services are compose, systemd",
    )
    assert SERVICE_TOOLS == ("compose", "systemd")


def two(**after: tuple[str, ...]) -> Cluster:
    """A project `web` and a unit `proxy` on one node, and a unit `far` on another."""
    services = {
        "web": Service("web", ("one",), "compose", after=after.get("web", ())),
        "proxy": Service("proxy", ("one",), "systemd", after=after.get("proxy", ())),
        "far": Service("far", ("two",), "systemd", after=after.get("far", ())),
    }
    return Cluster("c", "~/c", {}, services=services, domains=Domains(services=ServicesDomain("compose", "services")))


@pytest.mark.parametrize(
    ("cluster", "order"),
    [
        (two(), "compose systemd"),
        (two(proxy=("web",)), "compose systemd"),
        (two(web=("proxy",)), "systemd compose"),
        (two(web=("far",)), "compose systemd"),
        (two(web=("proxy",), proxy=("web",)), "compose systemd"),
    ],
)
def test_a_tool_comes_after_the_one_that_its_services_wait_for(cluster: Cluster, order: str) -> None:
    assert [tool.NAME for tool in service_tools_of(cluster)] == order.split()
