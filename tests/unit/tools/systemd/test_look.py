"""What systemd says of units becomes the health of a service; what cannot be read is never down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stems.model.cluster import Cluster
from stems.model.node import Node, SshAddress
from stems.model.service import Scope, Service, UnitState
from stems.model.state import Health
from stems.tools.systemd.look import parse_look

NODE = Node("red", "red", SshAddress("127.0.0.1"))
WEB = Service("web", ("red",), "systemd")
PLACED = "@placed system web own running:enabled web.service\n"
WELL = (
    "LoadState=loaded ActiveState=active SubState=running UnitFileState=enabled Result=success NRestarts=0 Type=simple"
)


def judged(unit: str, *, placed: str = PLACED, service: Service = WEB) -> tuple[Health, str, bool]:
    cluster = Cluster("colab", "~/colab", {"red": NODE}, services={"web": service})
    (state,) = parse_look(cluster, NODE, f"@up 1000.50\n{placed}@unit system web.service {unit}\n@end\n")
    return state.health, state.detail, state.settled


@pytest.mark.parametrize(
    ("old", "new", "health", "detail"),
    [
        ("", "", Health.HEALTHY, ""),
        ("active SubState=running", "inactive SubState=dead", Health.DOWN, "web.service is inactive"),
        ("active SubState=running", "activating SubState=start", Health.STARTING, "web.service is activating"),
        ("active SubState=running", "reloading SubState=reload", Health.STARTING, "web.service is reloading"),
        ("LoadState=loaded ActiveState=active", "LoadState=not-found ActiveState=inactive", Health.DOWN,
         "web.service is not there"),
        ("ActiveState=active SubState=running UnitFileState=enabled Result=success",
         "ActiveState=failed SubState=failed Result=exit-code", Health.UNHEALTHY, "web.service failed (exit-code)"),
        ("active SubState=running UnitFileState=enabled Result=success NRestarts=0 Type=simple",
         "inactive SubState=dead Result=success Type=oneshot", Health.HEALTHY, ""),
        ("NRestarts=0", "NRestarts=4 ActiveEnterTimestampMonotonic=998500000", Health.STARTING,
         "web.service was started again 4 times, last 2 s ago"),
        ("NRestarts=0", "NRestarts=4 ActiveEnterTimestampMonotonic=900000000", Health.HEALTHY, ""),
    ],
)  # fmt: skip
def test_the_health_of_a_unit(old: str, new: str, health: Health, detail: str) -> None:
    assert judged(WELL.replace(old, new) if old else WELL)[:2] == (health, detail)


def test_a_unit_between_two_restarts_is_not_settled() -> None:
    health, detail, settled = judged("LoadState=loaded ActiveState=activating SubState=auto-restart NRestarts=7")

    assert (health, settled) == (Health.UNHEALTHY, False) and "(7 times)" in detail


@pytest.mark.parametrize(
    ("state", "unit", "health"),
    [
        (UnitState.STOPPED, "ActiveState=inactive UnitFileState=disabled", Health.HEALTHY),
        (UnitState.STOPPED, "ActiveState=active UnitFileState=disabled", Health.UNHEALTHY),
        (UnitState.MASKED, "ActiveState=inactive UnitFileState=masked", Health.HEALTHY),
        (UnitState.MASKED, "ActiveState=inactive UnitFileState=disabled", Health.UNHEALTHY),
    ],
)
def test_a_unit_that_is_not_to_run(state: UnitState, unit: str, health: Health) -> None:
    assert judged(unit, service=replace(WEB, state=state))[0] is health


def test_what_was_not_placed_is_not_deployed() -> None:
    assert judged(WELL, placed="")[:2] == (Health.DOWN, "not deployed")


@pytest.mark.parametrize(
    "output", ["", "@up 1.0\n", "@placed system web own x web.service\n@up 1\n@unit system web.service x\n@end\n"]
)
def test_half_an_answer_is_no_answer(output: str) -> None:
    cluster = Cluster("colab", "~/colab", {"red": NODE}, services={"web": WEB})

    with pytest.raises(ValueError, match=r"whole|unit"):
        parse_look(cluster, NODE, output)


USER = replace(WEB, scope=Scope.USER)


@pytest.mark.parametrize(
    ("said", "health", "detail"),
    [
        ("@lingers\n", Health.HEALTHY, ""),
        ("", Health.UNHEALTHY, "the SSH user does not linger, so its units end with its last session"),
        ("@down\n", Health.DOWN, "no manager of units runs for the SSH user"),
    ],
)
def test_units_of_a_user_need_its_manager(said: str, health: Health, detail: str) -> None:
    cluster = Cluster("colab", "~/colab", {"red": NODE}, services={"web": USER})
    unit = "" if "@down" in said else f"@unit user web.service {WELL}\n"
    output = f"@up 1000.50\n{said}{PLACED.replace('system', 'user')}{unit}@end\n"

    assert [(state.health, state.detail) for state in parse_look(cluster, NODE, output)] == [(health, detail)]


def test_a_unit_of_the_system_is_not_that_of_a_user() -> None:
    assert judged(WELL, service=USER)[:2] == (Health.DOWN, "not deployed")


def test_no_systemd_is_down() -> None:
    cluster = Cluster("colab", "~/colab", {"red": NODE}, services={"web": WEB})

    assert [state.health for state in parse_look(cluster, NODE, "@missing\n@end\n")] == [Health.DOWN]
