"""An `ssh_config` says which names lead where, as ssh_config(5) has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.readers.ssh_config import read_ssh_config

TEXT = """\
# ssh old
Include config.d/*.conf "my files/x"
ServerAliveInterval 30
Host crtr cooperator *.lan !bad
    HostName 192.0.2.10   # in the cellar
  user = owner
    User second
\tPORT=2222
Match host crtr exec "true"
    User other
Host "one two"
    HostName {{ .address }}
Host {{ .name }}
"""


def test_blocks_have_the_first_value_of_each_option() -> None:
    config = read_ssh_config(TEXT, ".ssh/config")
    crtr, match, quoted, templated = config.blocks

    assert crtr.names == ("crtr", "cooperator")
    assert {name: value for name, (value, _) in crtr.options.items()} == {
        "hostname": "192.0.2.10",
        "user": "owner",
        "port": "2222",
    }
    assert str(crtr.place) == ".ssh/config:4:1" and str(crtr.options["port"][1]) == ".ssh/config:8:2"
    assert match.is_match and match.names == () and match.value("user") == "other"
    assert quoted.names == ("one two",) and quoted.value("hostname") == ""
    assert templated.names == ()


def test_included_files_have_their_places() -> None:
    includes = read_ssh_config(TEXT, "c").includes

    assert [(word, place.line) for word, place in includes] == [("config.d/*.conf", 2), ("my files/x", 2)]


@pytest.mark.parametrize("text", ["", "Host", "Host\n", "= x", "HostName before any\n", "\x00\nHost \x00"])
def test_what_is_no_option_is_passed_over(text: str) -> None:
    assert all(block.names in ((), ("\x00",)) for block in read_ssh_config(text, "c").blocks)


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    config = read_ssh_config(f"Host a\n{text}", "c")

    assert config.blocks[0].place.line == 1
