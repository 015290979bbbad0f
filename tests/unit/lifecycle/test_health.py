"""A node is well only if all that is asked of it is known to be well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.infrastructure.probe import Section
from stems.lifecycle.look.checks import CheckResult
from stems.lifecycle.look.health import NodeHealth, is_ill, judge, not_healthy, remade_services, snippets
from stems.model.change import Domain
from stems.model.check import DiskFreeCheck, MountCheck
from stems.model.state import Health, ServiceState
from tests.support.builders import CLUSTER, NODES, change

WELL = ServiceState("web", Health.HEALTHY)
GOOD = CheckResult("mount /nas", passed=True)


def test_nothing_asked_is_well() -> None:
    assert NodeHealth().is_healthy
    assert NodeHealth((WELL,), (GOOD,)).is_healthy


@pytest.mark.parametrize("health", [health for health in Health if health is not Health.HEALTHY])
def test_every_other_state_of_a_service_is_not_well(health: Health) -> None:
    state = ServiceState("db", health, "Exited (1)")

    assert not NodeHealth((WELL, state)).is_healthy
    assert NodeHealth((WELL, state)).troubles() == (f"db is {health.value}: Exited (1)",)


@pytest.mark.parametrize(("passed", "said"), [(False, "500, expected 200"), (None, "not known")])
def test_a_check_that_fails_or_is_not_known_is_not_well(passed: bool | None, said: str) -> None:
    detail = "500, expected 200" if passed is False else ""
    health = NodeHealth((), (GOOD, CheckResult("http://127.0.0.1/", passed, detail)))

    assert not health.is_healthy
    assert health.troubles() == (f"check http://127.0.0.1/: {said}",)


def test_only_a_service_that_was_started_anew_is_judged_before_the_deadline() -> None:
    """Another may have been ill before, and Docker asks it again in its own time."""
    ill = ServiceState("db", Health.UNHEALTHY)

    assert is_ill(NodeHealth((WELL, ill)), ["db"])
    assert not is_ill(NodeHealth((WELL, ill)), ["web"])


def test_what_was_not_well_is_in_the_reason_that_is_recorded() -> None:
    failed = CheckResult("http://127.0.0.1:4000/health", passed=False, detail="404, expected 200")
    health = NodeHealth((WELL,), (failed, replace(failed, check="http://127.0.0.1:5000/")))

    error = not_healthy(NODES["crtr"], health, waited="after 60 s")

    assert error.problem == "crtr: not healthy after 60 s: check http://127.0.0.1:4000/health: 404, expected 200"
    assert error.said.splitlines() == list(health.troubles())


def test_a_service_that_docker_restarts_may_become_well() -> None:
    assert not is_ill(NodeHealth((ServiceState("db", Health.UNHEALTHY, settled=False),)), ["db"])


def test_services_that_are_made_or_started_are_remade() -> None:
    changes = [
        change("prtr", "container:web", domain=Domain.SERVICES, action="recreate", service="web"),
        change("prtr", "container:db", domain=Domain.SERVICES, action="remove", service="db"),
        change("prtr", "checkout:~/colab", domain=Domain.SERVICES, action="move"),
    ]

    assert remade_services(changes) == {"web"}


def test_mounts_and_free_space_of_a_service_are_asked_on_its_nodes() -> None:
    web = replace(CLUSTER.services["web"], checks=(DiskFreeCheck("/srv", "10%"),))
    cluster = replace(CLUSTER, services={**CLUSTER.services, "web": web})
    node = replace(NODES["prtr"], checks=(MountCheck("/nas"),))
    health = judge(cluster, node, {"checks": Section(0, "yes\n1000 10\n")}, [])

    assert "/srv" in snippets(cluster, node)["checks"]
    assert "/srv" not in snippets(cluster, NODES["crtr"])["checks"]
    assert health.troubles() == ("check 10% free on /srv of web: 1% free",)


def test_the_checks_of_a_paused_service_are_not_asked() -> None:
    web = replace(CLUSTER.services["web"], checks=(MountCheck("/srv"),), paused="moving")
    cluster = replace(CLUSTER, services={"web": web})

    assert "/srv" not in snippets(cluster, NODES["prtr"])["checks"]
