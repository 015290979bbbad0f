"""Observed or unknown, never half: two names for one machine are both unknown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from stems.errors import NodeUnreachableError
from stems.infrastructure.command import Command, Result
from stems.infrastructure.runner import NodeRunner
from stems.lifecycle.look.observe import known, observe
from stems.model.observation import Present, Unknown
from tests.support.builders import CLUSTER, machine_id
from tests.support.fake import FakeRunner
from tests.unit.infrastructure.test_facts import text

SH = ("/bin/sh", "-s")


def node(name: str, *, identity: str = "", lock: str = "free", journal: str = "none", extra: str = "x") -> FakeRunner:
    """A node that answers each section of a probe by its name."""
    said = {"facts": text(machine_id=identity or machine_id(name)), "lock": lock, "journal": journal, "extra": extra}

    def answer(command: Command) -> Result:
        found = re.findall(r"printf '%s\\n' '(stems-\w+) begin ([\w.]+)'", command.stdin.decode())
        parts = [f"{marker} begin {part}\n{said[part]}\n{marker} end {part} 0\n" for marker, part in found]
        return Result(0, "".join(parts).encode())

    return FakeRunner({SH: answer}, name)


def ask(**nodes: FakeRunner) -> dict[str, Present[object] | Unknown]:
    runners: dict[str, NodeRunner] = dict(nodes)
    return dict(observe(CLUSTER, runners, [CLUSTER.nodes[name] for name in nodes]))


def test_a_node_that_answers_is_present() -> None:
    answers = observe(CLUSTER, {"prtr": node("prtr")}, [CLUSTER.nodes["prtr"]], {"prtr": {"extra": "echo x"}})
    seen = known(answers)["prtr"]

    assert (seen.lock, seen.journal.entries, seen.deployed) == (None, (), "")
    assert seen.sections["extra"].text == "x"


@pytest.mark.parametrize(
    "bad",
    [
        FakeRunner({SH: NodeUnreachableError("drtr: gone")}),
        FakeRunner({SH: Result(0, b"Welcome")}),
        node("drtr", identity="not one"),
        node("drtr", lock="?"),
        node("drtr", journal="?"),
        node("drtr", journal="journal\n{}"),
    ],
    ids=["gone", "no markers", "facts", "lock", "journal", "journal entry"],
)
def test_what_cannot_be_read_makes_that_node_unknown_and_no_other(bad: FakeRunner) -> None:
    answers = ask(prtr=node("prtr"), drtr=bad)

    assert isinstance(answers["drtr"], Unknown)
    assert isinstance(answers["prtr"], Present)


def test_two_names_for_one_machine_are_both_unknown() -> None:
    same = machine_id("prtr")
    answers = ask(prtr=node("prtr"), drtr=node("drtr", identity=same), crtr=node("crtr"))

    assert isinstance(answers["crtr"], Present)
    found = {name: answer for name, answer in answers.items() if isinstance(answer, Unknown)}
    assert {name: answer.reason for name, answer in found.items()} == {
        "prtr": "prtr: has the machine-id of drtr",
        "drtr": "drtr: has the machine-id of prtr",
    }
    assert "cloned" in found["prtr"].error.remedy


def test_a_reading_command_asks_each_node_once() -> None:
    fake = replace(node("prtr"), ran=[])
    ask(prtr=fake)

    assert len(fake.ran) == 1
