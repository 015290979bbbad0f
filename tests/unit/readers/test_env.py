"""Environment files are read with the place of each name."""

from __future__ import annotations

import pytest

from stems.errors import ConfigurationError
from stems.model.finding import Place
from stems.readers.env import read_env


def test_every_form_of_a_line_is_read() -> None:
    text = "# c\n\nA=1\nexport B = two # note\nC='x # $y'\nD=\"a\nb\"\nE\nF=#none\n"
    read = {entry.name: entry.value for entry in read_env(text, ".env")}

    assert read == {"A": "1", "B": "two", "C": "x # $y", "D": "a\nb", "E": None, "F": ""}


def test_a_name_has_its_place() -> None:
    assert read_env("A=1\nexport B=2\n", "x/.env")[1].place == Place("x/.env", 2, 8)


@pytest.mark.parametrize("text", ["=1", "not a name", "A='open"])
def test_a_line_that_is_none_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"\.env:1:1"):
        read_env(text, ".env")
