"""A crash loop is judged before the deadline; a service that waits for its database is not."""

from __future__ import annotations

from dataclasses import replace

from stems.lifecycle.look.crash_loop import CrashLoop
from stems.model.state import Health, ServiceState

DOWN = ServiceState("web", Health.UNHEALTHY, "web-web-1 restarting (1) 2 seconds ago", settled=False, restarts=0)
UP = replace(DOWN, health=Health.HEALTHY, detail="", settled=True)


def judged(*seen: tuple[float, ServiceState], remade: tuple[str, ...] = ("web",)) -> list[str]:
    loop = CrashLoop(patience=30)
    return [loop.found([state], remade, now=moment) for moment, state in seen]


def restarted(count: int | None, state: ServiceState = DOWN) -> ServiceState:
    return replace(state, restarts=count)


def test_restarts_again_and_again_are_a_loop_once_it_had_its_time() -> None:
    seen = judged((1, restarted(3)), (20, restarted(7)), (30, restarted(7)), (31, restarted(8)))

    assert seen == ["", "", "", "web restarted 5 times meanwhile"]


def test_one_or_two_restarts_are_not_and_neither_is_what_runs_now() -> None:
    assert judged((1, restarted(3)), (40, restarted(5))) == ["", ""]
    assert judged((1, restarted(3)), (40, restarted(9, UP))) == ["", ""]


def test_a_service_that_was_not_started_anew_is_left_to_the_deadline() -> None:
    assert judged((1, restarted(3)), (40, restarted(9)), remade=("db",)) == ["", ""]


def test_what_is_not_known_and_what_ran_for_a_minute_begin_anew() -> None:
    assert judged((1, restarted(3)), (70, restarted(None, UP)), (75, restarted(8))) == ["", "", ""]
    assert judged((1, restarted(9)), (40, restarted(2)), (41, restarted(5))) == ["", "", ""], "another container"
