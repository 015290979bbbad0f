"""What is published takes ports of the node, however it is written."""

from __future__ import annotations

import pytest

from stems.readers.ports import published


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("80:8080", "*:80/tcp"),
        ("127.0.0.1:80:8080", "127.0.0.1:80/tcp"),
        ("0.0.0.0:53:53/udp", "0.0.0.0:53/udp"),
        ("[::1]:80:80", "[::1]:80/tcp"),
        ("::1:80:80", "[::1]:80/tcp"),
        ("9000-9002:80-82", "*:9000/tcp *:9001/tcp *:9002/tcp"),
        ("8080", ""),
        ("0:80", ""),
        ("127.0.0.1::80", ""),
        ("${PORT}:80", ""),
        ("", ""),
    ],
)
def test_ports_of_an_entry(text: str, taken: str) -> None:
    assert " ".join(map(str, published(text))) == taken
    assert all(port.is_certain for port in published(text))


def test_of_a_range_for_one_port_only_one_is_taken() -> None:
    assert [port.is_certain for port in published("9000-9001:80")] == [False, False]


def test_a_long_range_ends() -> None:
    assert len(list(published("1-65535:1-65535"))) == 1024
