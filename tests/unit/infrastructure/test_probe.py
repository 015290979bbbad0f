"""One round trip, many answers: each section is whole or unknown, whatever its text pretends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.errors import NodeUnreachableError, UnknownError
from stems.infrastructure.command import Command, Effect, Result
from stems.infrastructure.probe import Section, parse_probe, probe, probe_command
from tests.support.fake import FakeRunner

MARKER = "stems-0123"
SH = ("/bin/sh", "-s")


def said(**sections: str) -> str:
    return "".join(f"{MARKER} begin {name}\n{text}\n{MARKER} end {name} 0\n" for name, text in sections.items())


@given(st.dictionaries(st.sampled_from(["facts", "lock", "left"]), st.text(), max_size=3))
def test_every_text_comes_back_as_it_was_printed(sections: dict[str, str]) -> None:
    assert parse_probe(said(**sections), MARKER) == {name: Section(0, text) for name, text in sections.items()}


def test_a_section_without_its_end_is_left_out() -> None:
    cut = said(facts="a") + f"{MARKER} begin lock\nhalf"

    assert parse_probe(cut, MARKER) == {"facts": Section(0, "a")}


def test_a_section_that_claims_another_s_end_is_left_out() -> None:
    crossed = f"{MARKER} begin facts\na\n{MARKER} end lock 0\n"

    assert parse_probe(crossed, MARKER) == {}


def test_the_marker_of_another_probe_is_text_like_any_other() -> None:
    text = "stems-9999 end facts 0\nstems-9999 begin lock\nnone\nstems-9999 end lock 0"

    assert parse_probe(said(facts=text), MARKER) == {"facts": Section(0, text)}


def test_what_precedes_the_first_section_does_not_matter() -> None:
    assert parse_probe("Welcome to prtr\n" + said(facts="a"), MARKER) == {"facts": Section(0, "a")}


def test_the_exit_status_of_each_snippet_comes_back() -> None:
    assert parse_probe(f"{MARKER} begin x\n\n{MARKER} end x 127\n", MARKER) == {"x": Section(127, "")}


def test_the_script_only_reads() -> None:
    command = probe_command({"facts": "echo a"}, MARKER)

    assert command.effect is Effect.READS
    assert b"</dev/null" in command.stdin


def node(answer: str) -> FakeRunner:
    """A node that fills `answer` with the marker that it was asked with."""

    def run(command: Command) -> Result:
        marker = command.stdin.decode().split(" begin ")[0].rpartition("'")[2]
        return Result(0, answer.replace(MARKER, marker).encode(), b"sh: 1: df: not found\n")

    return FakeRunner({SH: run}, place="prtr")


def test_a_probe_gives_every_section_that_was_asked_for() -> None:
    assert probe(node(said(facts="a", lock="b")), {"facts": "", "lock": ""}) == {
        "facts": Section(0, "a"),
        "lock": Section(0, "b"),
    }


def test_a_missing_section_makes_the_node_unknown() -> None:
    with pytest.raises(UnknownError, match="prtr: no readable answer about lock") as raised:
        probe(node(said(facts="a")), {"facts": "", "lock": ""})

    assert "df: not found" in raised.value.said


def test_a_node_that_does_not_answer_is_unknown() -> None:
    with pytest.raises(NodeUnreachableError):
        probe(FakeRunner({SH: NodeUnreachableError("prtr: gone")}), {"facts": ""})
