"""Plan, drift and status hold runners that cannot change anything, whatever a tool asks."""

from __future__ import annotations

import pytest

from stems.infrastructure.command import Command, Effect, Result
from stems.infrastructure.guards import EffectRefusedError, previewing, previewing_here, reading
from tests.support.fake import FakeRunner

TOUCH = ("touch", "/etc/motd")
ALLOWED = {
    reading: {Effect.READS},
    previewing: {Effect.READS, Effect.STAGES},
    previewing_here: {Effect.READS, Effect.STAGES},
}


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("guard", ALLOWED, ids=lambda guard: guard.__name__)
def test_a_guard_passes_on_what_it_allows_and_nothing_else(guard: type, effect: Effect) -> None:
    node = FakeRunner({TOUCH: Result(0, b"done")}, place="prtr")
    guarded = guard(node)
    command = Command(TOUCH, effect)

    if effect in ALLOWED[guard]:
        assert guarded.run(command).text == "done"
    else:
        with pytest.raises(EffectRefusedError, match="prtr: a reading command tried to change something: touch"):
            guarded.run(command)
        assert node.ran == []


def test_a_guarded_node_is_reached_like_the_node() -> None:
    guarded = reading(FakeRunner({}, place="prtr", ssh=("-o", "Port=22"), is_local=True))

    assert (guarded.place, guarded.ssh, guarded.is_local) == ("prtr", ("-o", "Port=22"), True)
