"""A node is well only if all that is asked of it is known to be well."""

from __future__ import annotations

import pytest

from stems.lifecycle.checks import CheckResult
from stems.lifecycle.health import NodeHealth
from stems.model.state import Health, ServiceState

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
