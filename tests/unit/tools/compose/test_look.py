"""The state of a service is the worst of its containers, and unreadable output is no state."""

from __future__ import annotations

import json

import pytest

from stems.model.cluster import Cluster
from stems.model.service import Service
from stems.model.state import Health, ServiceState
from stems.tools.compose.look import parse_look
from tests.unit.tools.compose.conftest import NODE

CLUSTER = Cluster("colab", "~/c", {"crtr": NODE}, services={"web": Service("web", ("crtr",), "compose")})
DIGEST = "d" * 64
APPLIED = f"@applied web web web {DIGEST} run\n"


def container(state: str, status: str, *, service: str = "web", digest: str = DIGEST) -> str:
    labels = ["colab", "web", digest, "web", service, "h", "sha256:1", "2.40.3", "False"]
    return json.dumps(["a1", f"web-{service}-1", state, status, "busybox:1", *labels]) + "\n"


def look(output: str) -> ServiceState:
    (state,) = parse_look(CLUSTER, NODE, output + "@end\n")
    return state


@pytest.mark.parametrize(
    ("state", "status", "health", "same"),
    [
        ("running", "Up 3 minutes", Health.HEALTHY, True),
        ("running", "Up 3 minutes (healthy)", Health.HEALTHY, True),
        ("running", "Up 1 second (health: starting)", Health.STARTING, True),
        ("running", "Up 3 minutes (unhealthy)", Health.UNHEALTHY, True),
        ("restarting", "Restarting (1) 2 seconds ago", Health.UNHEALTHY, True),
        ("exited", "Exited (1) 3 minutes ago", Health.DOWN, False),
        ("paused", "Up 3 minutes (Paused)", Health.DOWN, False),
    ],
)
def test_a_container_tells_the_state_of_its_service(state: str, status: str, health: Health, same: bool) -> None:
    found = look(container(state, status) + APPLIED)

    assert (found.health, found.as_deployed) == (health, same)
    assert found.detail == ("" if health is Health.HEALTHY else f"web-web-1 {status[0].lower()}{status[1:]}")


def test_how_often_docker_restarted_a_container_is_told_where_it_was_asked() -> None:
    looping = container("restarting", "Restarting (1) 2 seconds ago") + APPLIED

    assert look(looping).restarts is None
    assert look(f"{looping}@restarts a1 4\n@restarts b2 9\n").restarts == 4
    with pytest.raises(ValueError, match="not a count of restarts"):
        look(f"{looping}@restarts a1 many\n")


def test_a_missing_container_is_down() -> None:
    assert look(APPLIED) == ServiceState("web", Health.DOWN, "web missing", as_deployed=False)


@pytest.mark.parametrize(
    ("there", "state"),
    [
        (0, ServiceState("web", Health.DOWN, "web missing", as_deployed=False)),
        (1, ServiceState("web", Health.DOWN, "web 1 of 2", as_deployed=False)),
        (2, ServiceState("web", Health.HEALTHY, "", as_deployed=True)),
        (3, ServiceState("web", Health.HEALTHY, "", as_deployed=False)),
    ],
)
def test_there_are_as_many_containers_as_were_applied(there: int, state: ServiceState) -> None:
    assert look(container("running", "Up 1 second") * there + APPLIED.replace(" run", " run 2")) == state


def test_none_may_be_what_was_applied() -> None:
    assert look(APPLIED.replace(" run", " run 0")).as_deployed is False
    other = container("running", "Up 1 second", service="other") + APPLIED.replace("web web web", "web web other")
    assert look(other + APPLIED.replace(" run", " run 0")) == ServiceState("web", Health.HEALTHY, "", as_deployed=True)


def test_a_job_that_ended_well_is_healthy() -> None:
    job = APPLIED.replace("web web web", "web web once").replace(" run", " job")
    found = look(
        container("running", "Up 1 second")
        + container("exited", "Exited (0) 1 second ago", service="once")
        + APPLIED
        + job
    )

    assert found == ServiceState("web", Health.HEALTHY)


def test_a_container_of_another_digest_is_not_as_deployed() -> None:
    assert not look(container("running", "Up 1 second", digest="e" * 64) + APPLIED).as_deployed


@pytest.mark.parametrize(
    "output", ["", "garbage\n@end\n", '["a"]\n@end\n', "@applied web\n@end\n", container("running", "Up")]
)
def test_what_cannot_be_read_is_never_a_state(output: str) -> None:
    with pytest.raises(ValueError, match=r"not|whole"):
        parse_look(CLUSTER, NODE, output)
