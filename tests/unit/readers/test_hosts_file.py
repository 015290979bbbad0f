"""A `hosts` file gives names to addresses; everything else in it is passed over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stems.readers.hosts_file import read_hosts_file

TEXT = """\
127.0.0.1 localhost
# 192.0.2.9 gone
 192.0.2.10\tcrtr.lan crtr # the gateway
fd00::10 crtr6
{{ address }} templated
192.0.2.11 {{ name }}
300 things
"""


def test_each_line_names_an_address() -> None:
    found = read_hosts_file(TEXT, "etc/hosts")

    assert [(one.address, one.names, str(one.place)) for one in found] == [
        ("127.0.0.1", ("localhost",), "etc/hosts:1:1"),
        ("192.0.2.10", ("crtr.lan", "crtr"), "etc/hosts:3:2"),
        ("fd00::10", ("crtr6",), "etc/hosts:4:1"),
    ]


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    assert all(one.names for one in read_hosts_file(text, "hosts"))
