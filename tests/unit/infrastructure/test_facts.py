"""Facts are strict: a node whose facts cannot be read is unknown, never half known."""

from __future__ import annotations

import pytest

from stems.errors import UnknownError
from stems.infrastructure.facts import parse_facts

SAID = {
    "machine_id": "0123456789abcdef0123456789abcdef",
    "home": "/home/owner",
    "user": "owner",
    "hostname": "projector",
    "arch": "x86_64",
    "clock": "1790000000",
    "git": "git version 2.39.5 (Apple Git-154)",
    "uptime": "12.5",
    "load": "0.25",
    "memory_total": "1024",
    "memory_available": "512",
    "disk_total": "2048",
    "disk_free": "1024",
}


def text(**changes: str | None) -> str:
    said = {**SAID, **changes}
    return "".join(f"{name}={value}\n" for name, value in said.items() if value is not None)


def test_facts_are_read_with_sizes_in_bytes() -> None:
    facts = parse_facts("prtr", text())

    assert (facts.git, facts.uptime, facts.load) == ("2.39.5", 12.5, 0.25)
    assert (facts.memory_total, facts.disk_free) == (1024 * 1024, 1024 * 1024)


def test_git_that_is_missing_is_empty_not_unknown() -> None:
    assert parse_facts("prtr", text(git="")).git == ""


def test_a_node_without_uptime_and_load_is_known() -> None:
    assert parse_facts("prtr", text(uptime=None, load=None)).load == 0


@pytest.mark.parametrize("name", sorted(SAID.keys() - {"uptime", "load"}))
def test_a_missing_fact_makes_the_node_unknown(name: str) -> None:
    with pytest.raises(UnknownError, match="prtr: facts cannot be read"):
        parse_facts("prtr", text(**{name: None}))


@pytest.mark.parametrize(
    "changes",
    [
        {"clock": "now"}, {"clock": "1_0"}, {"clock": "٣"}, {"clock": "9" * 5000}, {"clock": "-1"},
        {"disk_free": ""}, {"disk_free": "-1"}, {"memory_total": "1e3"}, {"memory_total": "0x10"},
        {"load": "nan"}, {"load": "inf"}, {"uptime": "-inf"}, {"uptime": "1e999"}, {"uptime": "-5"},
        {"machine_id": ""}, {"machine_id": "0123"}, {"machine_id": "x" * 32}, {"machine_id": "../" * 12},
        {"home": ""}, {"home": "relative"}, {"home": "/a\x1b[2J"}, {"home": "/a/../../etc"},
    ],
    ids=lambda changes: "-".join(f"{name}={value[:12]!r}" for name, value in changes.items()),
)  # fmt: skip
def test_hostile_facts_make_the_node_unknown(changes: dict[str, str]) -> None:
    with pytest.raises(UnknownError, match="prtr"):
        parse_facts("prtr", text(**changes))


@pytest.mark.parametrize("said", ["", "\n\n", "=\n=", "\0" * 100, "home", "<html>502</html>"])
def test_no_facts_at_all_are_unknown(said: str) -> None:
    with pytest.raises(UnknownError):
        parse_facts("prtr", said)


def test_what_a_node_calls_itself_cannot_steer_the_terminal() -> None:
    assert parse_facts("prtr", text(hostname="a\x1b[2J")).hostname == "a�[2J"
