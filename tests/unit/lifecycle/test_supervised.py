"""What could cut the way in is confirmed over new connections; without that, what the node did is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from stems.errors import NodeUnreachableError, StemsError, ToolError
from stems.infrastructure.command import Command, Result
from stems.lifecycle.progress import Event
from stems.lifecycle.rollout.supervised import supervised
from stems.lifecycle.run import Run
from stems.model.change import Change, Domain, Risk
from stems.model.plan import NodePlan
from tests.support.builders import change, node_plan, plan, run, workspace
from tests.support.fake import FakeRunner

KEYS = change("prtr", "file:~/.ssh/authorized_keys", domain=Domain.USER, tool="files", risk=Risk.NETWORK)
COMMAND = change("prtr", "task:Tell", risk=Risk.UNKNOWN)
MOTD = change("prtr", "file:/etc/motd")


@dataclass
class Supervisor:
    """What a node with a supervisor answers: to the confirmation, and how it ended."""

    confirms: str = "confirmed\n"
    outcome: str = ""
    asked: list[str] = field(default_factory=list)

    def __call__(self, command: Command) -> Result:
        text = command.stdin.decode()
        kinds = {
            "keep_one": "arm",
            "mkdir claim": "confirm",
            ">/var": "hurry",
            "cat outcome": "outcome",
            "rm -rf": "forget",
        }
        kind = next((kind for part, kind in kinds.items() if part in text), "alive")
        self.asked.append(kind)
        if kind == "confirm" and not self.confirms:
            raise NodeUnreachableError("prtr: refused", remedy="wait")
        return Result(0, {"confirm": self.confirms, "outcome": self.outcome}.get(kind, "").encode())


def begun(tmp_path: Path, node: Supervisor, *changes: Change) -> tuple[Run, NodePlan, list[Event]]:
    part = node_plan("prtr", *changes)
    made, events = run(
        workspace(tmp_path), plan(part), {"prtr": FakeRunner({("/bin/sh", "-s"): node}, "prtr")}, outcomes={}
    )
    return made, part, events


def test_a_harmless_change_needs_no_supervisor(tmp_path: Path) -> None:
    node = Supervisor()
    made, part, _ = begun(tmp_path, node, MOTD)
    with supervised(made, part, Domain.SYSTEM, part.changes):
        pass

    assert node.asked == []


@pytest.mark.parametrize("risky", [KEYS, COMMAND])
def test_a_change_that_may_cut_the_way_in_is_confirmed(tmp_path: Path, risky: Change) -> None:
    node = Supervisor()
    made, part, _ = begun(tmp_path, node, risky)
    with supervised(made, part, risky.domain, part.changes):
        assert node.asked == ["arm"]

    assert node.asked == ["arm", "confirm"]


@pytest.mark.parametrize("confirms", ["", "late\n"])
def test_a_way_that_was_cut_and_is_back_is_an_error(tmp_path: Path, confirms: str) -> None:
    node = Supervisor(confirms=confirms, outcome="taken back\n")
    made, part, events = begun(tmp_path, node, KEYS)
    with (
        pytest.raises(ToolError, match="nobody got in any more; the node put the way in back by itself"),
        supervised(made, part, Domain.USER, part.changes),
    ):
        pass

    assert node.asked == ["arm", "confirm", "outcome", "forget"]
    assert "waiting until the node puts the way in back" in events[-1].detail


def test_what_the_supervisor_could_not_put_back_is_said(tmp_path: Path) -> None:
    node = Supervisor(confirms="late\n", outcome="taking back failed\nkept /etc/ssh/sshd_config\n")
    made, part, _ = begun(tmp_path, node, KEYS)
    with pytest.raises(ToolError) as raised, supervised(made, part, Domain.USER, part.changes):
        pass

    assert "could not put everything back" in raised.value.problem
    assert raised.value.said == "kept /etc/ssh/sshd_config"


def test_what_failed_half_way_is_put_back_first(tmp_path: Path) -> None:
    node = Supervisor(outcome="taken back\n")
    made, part, _ = begun(tmp_path, node, KEYS)
    with pytest.raises(StemsError, match="it broke"), supervised(made, part, Domain.USER, part.changes):
        raise ToolError("it broke")

    assert [kind for kind in node.asked if kind != "alive"] == ["arm", "hurry", "outcome", "forget"]
