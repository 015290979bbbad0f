"""Ports are told as people read them."""

from __future__ import annotations

from stems.lifecycle.generate.ports import ports_of
from stems.model.claim import Certainty, Claim
from stems.model.finding import Place


def claim(resource: str, certainty: Certainty = Certainty.CERTAIN) -> Claim:
    return Claim("crtr", "compose", resource, Place("compose.yml"), certainty=certainty)


def test_numbers_that_follow_one_another_are_a_range() -> None:
    found = ports_of(claim(f"port:*:{number}/tcp") for number in (82, 80, 443, 81, 80))

    assert [str(port) for port in found] == ["*:80-82/tcp", "*:443/tcp"]
    assert 81 in found[0] and 83 not in found[0]


def test_addresses_protocols_and_certainty_are_kept_apart() -> None:
    found = ports_of((
        claim("port:127.0.0.1:80/tcp"), claim("port:[::1]:81/tcp"), claim("port:0.0.0.0:82/udp"),
        claim("port:192.0.2.11:83/tcp", Certainty.POSSIBLE), claim("port:${PORT}:84", Certainty.UNKNOWN),
        claim("container:web"),
    ))  # fmt: skip

    assert [str(port) for port in found] == [
        "127.0.0.1:80/tcp", "[::1]:81/tcp", "0.0.0.0:82/udp", "192.0.2.11:83/tcp", "${PORT}:84",
    ]  # fmt: skip
    assert [port.is_local for port in found] == [True, True, False, False, False]
    assert [port.is_open for port in found] == [False, False, True, False, False]
