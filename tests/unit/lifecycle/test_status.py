"""A node is judged by the commit that it runs, not by what was committed since."""

from __future__ import annotations

from dataclasses import replace

from stems.infrastructure.probe import Section
from stems.lifecycle.checks import CheckResult
from stems.lifecycle.health import service_states
from stems.lifecycle.status import awaited, without_awaited
from stems.model.check import HttpCheck, MountCheck
from stems.model.cluster import Domains, ServicesDomain
from stems.model.state import Health
from tests.support.builders import CLUSTER, NODES

WEB = replace(CLUSTER.services["web"], checks=(HttpCheck("http://127.0.0.1:80/"), MountCheck("/nas")))
NOW = replace(CLUSTER, services={**CLUSTER.services, "web": WEB})
THEN = replace(NOW, services={"grafana": CLUSTER.services["grafana"]})


def test_a_service_that_came_later_is_awaited_where_it_will_run() -> None:
    assert awaited(NOW, THEN, "prtr") == ("web",)
    assert awaited(NOW, THEN, "crtr") == ()
    assert awaited(NOW, NOW, "prtr") == ()


def test_checks_of_awaited_services_do_not_count_unless_others_ask_the_same() -> None:
    results = [CheckResult(str(check), passed=False) for check in WEB.checks]
    node = replace(NODES["prtr"], checks=(MountCheck("/nas"),))

    assert without_awaited(results, NOW, NODES["prtr"], ["web"]) == ()
    assert without_awaited(results, NOW, node, ["web"]) == (results[1],)
    assert without_awaited(results, NOW, node, []) == tuple(results)


def test_services_that_nobody_asked_for_are_unknown() -> None:
    """The current commit has no services any more, and the node still runs those of an earlier one."""
    then = replace(NOW, domains=Domains(services=ServicesDomain("compose", "services")))
    states = service_states(then, NODES["prtr"], {"checks": Section(0, "")})

    assert [(state.service, state.health) for state in states] == [("web", Health.UNKNOWN)]
