"""Whether a node and its services are well: asked once for status, polled after an apply."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stems.errors import ToolError
from stems.infrastructure.parallel import crew
from stems.infrastructure.probe import Section, probe
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.look import checks
from stems.lifecycle.look.checks import CheckResult
from stems.lifecycle.look.crash_loop import PATIENCE, CrashLoop
from stems.model.change import Change
from stems.model.check import Check, HttpCheck
from stems.model.cluster import Cluster
from stems.model.node import Node
from stems.model.service import Service
from stems.model.state import Health, ServiceState
from stems.tools.registry import service_looks_of

if TYPE_CHECKING:
    from stems.tools.base import ServiceLook

INTERVAL = 1.0
STARTS = ("create", "recreate", "start", "restart")


class NotHealthyError(ToolError):
    """A node or its services did not become well in time. `services` are those that are not."""

    def __init__(self, problem: str, *, said: str, services: Sequence[str]) -> None:
        super().__init__(problem, said=said, remedy="see what the service says, mend it, and deploy again")
        self.services = tuple(services)


@dataclass(frozen=True, slots=True)
class NodeHealth:
    """How one node's services and checks are at one moment."""

    services: tuple[ServiceState, ...] = ()
    checks: tuple[CheckResult, ...] = ()

    @property
    def is_healthy(self) -> bool:
        """Paused services are left out before this is asked."""
        return all(state.health is Health.HEALTHY for state in self.services) and all(
            check.passed for check in self.checks
        )

    @property
    def is_unknown(self) -> bool:
        """Whether some service or check gave no answer: then nobody can say that all is well."""
        return any(state.health is Health.UNKNOWN for state in self.services) or any(
            check.passed is None for check in self.checks
        )

    def troubles(self) -> tuple[str, ...]:
        """One line for each thing that is not well."""
        return (
            *(describe_service(state) for state in self.services if state.health is not Health.HEALTHY),
            *(describe_check(check) for check in self.checks if not check.passed),
        )


def describe_service(state: ServiceState) -> str:
    return f"{state.service} is {state.health.value}" + (f": {state.detail}" if state.detail else "")


def describe_check(check: CheckResult) -> str:
    of = f" of {', '.join(check.of)}" if check.of else ""
    return f"check {check.check}{of}: {check.detail or 'not known'}"


def snippets(cluster: Cluster, node: Node) -> dict[str, str]:
    """What the probe of a node asks for its health."""
    looks = {f"services.{tool.NAME}": tool.look(cluster, node) for tool in service_looks_of(cluster)}
    return {**looks, "checks": checks.snippet(declared(cluster, node))}


def judge(cluster: Cluster, node: Node, sections: Mapping[str, Section], answered: Sequence[CheckResult]) -> NodeHealth:
    """The health of a node from the probe's sections, and what its HTTP checks answered."""
    seen = (*checks.parse_snippet(declared(cluster, node), sections["checks"]), *answered)
    return NodeHealth(service_states(cluster, node, sections), asked_by(cluster, node, seen))


def asked_by(cluster: Cluster, node: Node, results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """Those of the results that a cluster asks for on a node, each with the services that do."""
    wanted = {str(check) for check in declared(cluster, node)}
    return tuple(
        replace(result, of=_askers(cluster, node, result.check)) for result in results if result.check in wanted
    )


def _askers(cluster: Cluster, node: Node, check: str) -> tuple[str, ...]:
    return tuple(service.name for service in _watched(cluster, node) if check in map(str, service.checks))


def service_states(cluster: Cluster, node: Node, sections: Mapping[str, Section]) -> tuple[ServiceState, ...]:
    """How the services are that a cluster has on a node, whichever of its commits that is."""
    states = [state for tool in service_looks_of(cluster) for state in _states(tool, cluster, node, sections)]
    names = {service.name for service in _watched(cluster, node)}
    return tuple(state for state in states if state.service in names)


def _watched(cluster: Cluster, node: Node) -> list[Service]:
    return [service for service in cluster.services_on(node.name) if not service.paused]


def declared(cluster: Cluster, node: Node) -> list[Check]:
    """The checks of a node and of the services that run there."""
    return [*node.checks, *(check for service in _watched(cluster, node) for check in service.checks)]


def look(cluster: Cluster, node: Node, runner: NodeRunner) -> NodeHealth:
    """Ask one node now."""
    return judge(cluster, node, probe(runner, snippets(cluster, node)), ask_http(cluster, node, runner))


def _states(tool: ServiceLook, cluster: Cluster, node: Node, sections: Mapping[str, Section]) -> Sequence[ServiceState]:
    # The node was asked for what the current commit has; an earlier one may have had services besides.
    section = sections.get(f"services.{tool.NAME}", Section(1, "not asked: the current commit has no services"))
    names = [service.name for service in cluster.services_on(node.name) if service.tool == tool.NAME]
    if section.status != 0:
        said = section.text.strip().splitlines()[-1:] or ["no answer"]
        return [ServiceState(name, Health.UNKNOWN, f"{tool.NAME}: {said[0]}") for name in names]
    try:
        return tool.parse_look(cluster, node, section.text)
    except ValueError as error:
        return [ServiceState(name, Health.UNKNOWN, f"{tool.NAME}: {error}") for name in names]


def ask_http(cluster: Cluster, node: Node, runner: NodeRunner) -> list[CheckResult]:
    """The HTTP checks of a node and its services, all at once."""
    asked = [check for check in declared(cluster, node) if isinstance(check, HttpCheck)]
    if not asked:
        return []
    # Imported while the nodes answer the probe: before it, everybody would wait for the client and for TLS.
    from stems.lifecycle.look.http_check import run_http  # noqa: PLC0415

    with crew(len(asked)) as pool:
        return list(pool.map(lambda check: run_http(runner, check), asked))


def wait_until_healthy(
    cluster: Cluster,
    node: Node,
    runner: NodeRunner,
    *,
    remade: Collection[str],
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Poll until the node has been well for `healthy_for` without a break. Raises when `deadline` passes first.

    `remade` are services that were started anew: one of them that is down, or whose own health check gave up, does not
    get better by waiting and is judged once it has been so for `healthy_for`. Another may have been ill before, and
    has until the deadline to notice what was mended. Nor does one in a crash loop.
    """
    rollout = cluster.rollout
    end = time.monotonic() + rollout.deadline
    well_since = ill_since = None
    loop = CrashLoop(patience=max(rollout.healthy_for, PATIENCE))
    while True:
        health = look(cluster, node, runner)
        now = time.monotonic()
        well_since = (well_since or now) if health.is_healthy else None
        ill_since = (ill_since or now) if is_ill(health, remade) else None
        if well_since is not None and now - well_since >= rollout.healthy_for:
            return
        waited = f"after {rollout.deadline - (end - now):.0f} s"
        if now >= end:
            raise not_healthy(node, health, waited=waited)
        if looping := loop.found(health.services, remade, now=now):
            raise not_healthy(node, health, waited=f"{waited}, {looping}")
        if ill_since is not None and now - ill_since >= rollout.healthy_for:
            raise not_healthy(node, health, waited=f"{waited}, and waiting does not mend it")
        say("; ".join(health.troubles()) or "healthy, watching")
        time.sleep(INTERVAL)


def is_ill(health: NodeHealth, remade: Collection[str]) -> bool:
    return any(
        state.settled and state.health in (Health.UNHEALTHY, Health.DOWN)
        for state in health.services
        if state.service in remade
    )


def remade_services(changes: Iterable[Change]) -> frozenset[str]:
    """The services of which some container is made or started by these changes."""
    return frozenset(change.service for change in changes if change.service and change.action in STARTS)


def not_healthy(node: Node, health: NodeHealth, *, waited: str) -> NotHealthyError:
    """The error names the first trouble: it becomes the reason in the record, which is all that is left of it."""
    troubles = health.troubles() or ("it did not stay healthy long enough",)
    ill = tuple(state.service for state in health.services if state.health is not Health.HEALTHY)
    return NotHealthyError(f"{node.name}: not healthy {waited}: {troubles[0]}", said="\n".join(troubles), services=ill)
