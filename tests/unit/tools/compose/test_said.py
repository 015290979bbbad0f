"""A failure is told by its cause, in one line and without secrets; ids of Docker are none."""

from __future__ import annotations

import pytest

from stems.tools.compose.said import LONGEST, cause_of, told

ENDPOINT = "0123456789ab" + "cdef0123456789abcdef0123456789abcdef0123456789abcdef"
DRIVER = f"driver failed programming external connectivity on endpoint clash-web-1 ({ENDPOINT})"
PORT = "Bind for 127.0.0.1:8080 failed: port is already allocated"


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (f" Container clash-web-1  Starting\nError response from daemon: {DRIVER}: {PORT}\n", PORT),
        (f"Error response from daemon: failed to set up container networking: {DRIVER}: {PORT}", PORT),
        ('{"id":"x","status":"Working"}\n{"error":true,"message":"no such image: none:1"}\n', "no such image: none:1"),
        ("service web: exit 3\n\n", "service web: exit 3"),
        ("{not json", "{not json"),
        ("\n", ""),
    ],
)
def test_the_cause_is_what_was_said_last(said: str, cause: str) -> None:
    assert cause_of(told([said])) == cause


def test_a_long_cause_is_cut() -> None:
    assert len(cause_of("word " * 100)) == LONGEST


def test_the_id_of_an_endpoint_is_shortened_and_a_secret_is_not_told() -> None:
    assert told([DRIVER]) == DRIVER.replace(ENDPOINT, ENDPOINT[:12])
    assert ENDPOINT not in told([f"API_TOKEN={ENDPOINT}"]) and ENDPOINT not in told([f"key ({ENDPOINT})"])
