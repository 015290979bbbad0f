"""No name that passes its validator can be an option, a word too many, or a piece of a shell script."""

from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.model import names
from stems.model.names import is_name, is_node_path, is_relative_path, printable

PATTERNS = {
    name: value
    for name, value in vars(names).items()
    if isinstance(value, re.Pattern) and name.isupper() and name[0] != "_"
}
DANGEROUS = set(" \t\n\r\0;&|$`'\"<>()*?!#\x1b")
NASTY = [
    "", " ", "a b", "-rf", "--upload-pack=x", "a;b", "a$(id)", "a`id`", "a\nb", "a\n", "\na", "a'b", 'a"b', "a|b",
    "../a", "a/../b", "/etc", "a\0b", "a\x1b[2J", "\uff41", "é", "a\u202eb", "*", "~", "~root", "a&b", "a>b", "#a",
]  # fmt: skip


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
@pytest.mark.parametrize("text", NASTY)
def test_what_could_harm_is_no_name(pattern: str, text: str) -> None:
    assert not is_name(PATTERNS[pattern], text)


@pytest.mark.parametrize("pattern", sorted(PATTERNS))
@given(data=st.data())
def test_whatever_passes_is_one_harmless_word(pattern: str, data: st.DataObject) -> None:
    text = str(data.draw(st.from_regex(PATTERNS[pattern]) | st.text()))
    if is_name(PATTERNS[pattern], text):
        assert text.isascii() and not text.startswith("-") and not DANGEROUS & set(text)
        assert shlex.split(text.replace("\\", "")) == [text.replace("\\", "")]
        assert pattern == "FOLDER" or "/" not in text
        assert not {"", ".", ".."} & set(text.split("/"))


@pytest.mark.parametrize("value", [None, 1, True, b"prtr", ["prtr"]])
def test_what_is_no_text_is_no_name(value: object) -> None:
    assert not is_name(names.NODE, value)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (names.NODE, "prtr-2"), (names.SERVICE, "open_webui.v2"), (names.USER, "_apt"), (names.HOST, "192.0.2.1"),
        (names.HOST, "2001:db8::1"), (names.HOST, "::1"), (names.HOST, "fe80::1%eth0"), (names.SHA, "a" * 40),
        (names.UNIT, "backup@home.timer"), (names.SHA, "a" * 64), (names.DEPLOYMENT, "20261122T120000Z-abcdef"),
    ],
)  # fmt: skip
def test_ordinary_names_pass(pattern: re.Pattern[str], text: str) -> None:
    assert is_name(pattern, text)


@pytest.mark.parametrize("path", ["a", "a b/c", "config/cluster.yml", ".env", "a..b", "größe"])
def test_a_path_in_the_repository_stays_in_it(path: str) -> None:
    assert is_relative_path(path)


@pytest.mark.parametrize("path", ["", "/a", "-a", "~/a", "..", "a/..", "../a", "a/../../b", "a\x1b", "a\0", "a\nb"])
def test_a_path_that_leaves_the_repository_is_none(path: str) -> None:
    assert not is_relative_path(path)


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("/etc", True),
        ("~/a b", True),
        ("a", False),
        ("~", False),
        ("~root/a", False),
        ("/a/../b", False),
        ("/\x7f", False),
        ("/a\nb", False),
    ],
)
def test_a_path_on_a_node_is_absolute_or_under_the_home(path: str, good: bool) -> None:
    assert is_node_path(path) is good


@given(st.text())
def test_printable_text_cannot_steer_a_terminal(text: str) -> None:
    shown = printable(text)

    assert not {"\x1b", "\x07", "\x9b", "\r", "\0", "\u202e", "\u2066"} & set(shown)
    assert printable(shown) == shown and len(shown) == len(text)
