"""Environment files are read with the place of each name."""

from __future__ import annotations

import pytest

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.readers.env import read_env


def test_every_form_of_a_line_is_read() -> None:
    text = "# c\n\nA=1\nexport B = two # note\nC='x # $y'\nD=\"a\nb\"\nE\nF=#none\n"
    read = {entry.name: entry.value for entry in read_env(text, ".env")}

    assert read == {"A": "1", "B": "two", "C": "x # $y", "D": "a\nb", "E": None, "F": "#none"}


def test_a_name_has_its_place() -> None:
    assert read_env("A=1\nexport B=2\n", "x/.env")[1].place == Place("x/.env", 2, 8)


@pytest.mark.parametrize("text", ["=1", "not a name", "A='open"])
def test_a_line_that_is_none_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\.env:1:1"):
        read_env(text, ".env")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=a#b", "a#b"),
        ("A= # x", "# x"),
        ("A=x # y", "x"),
        ('A="x" # y', "x"),
        (r'A="a\nb\tc\\d\"e"', 'a\nb\tc\\d"e'),
        (r'A="\x41\0101"', r"\x41A"),
        (r"A='it\'s\n'", r"it's\n"),
        (r'A="a\\"', "a\\"),
        (r'A="\$B"', "$$B"),
        ("1A=x\r\n", "x"),
        ("A-B.C[0]: x", "x"),
        ("A==x", "=x"),
    ],
)
def test_a_value_is_what_compose_takes_it_for(text: str, value: str) -> None:
    assert [entry.value for entry in read_env(text, ".env")] == [value]
