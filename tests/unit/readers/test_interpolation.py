"""Stems reads `${…}` as Compose does."""

from __future__ import annotations

import pytest

from stems.readers.interpolation import Reference, interpolate, references


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("plain", []),
        ("$$HOME", []),
        ("$NAME-x", [Reference("NAME")]),
        ("${A}${B:-b}", [Reference("A"), Reference("B", ":-", "b")]),
        ("${A:?say why}", [Reference("A", ":?", "say why")]),
        ("${A:-${B-c}}", [Reference("A", ":-", "${B-c}"), Reference("B", "-", "c")]),
        ("${A", []),
        ("${A b}", []),
        ("$1 cost", []),
    ],
)
def test_references_are_found(text: str, found: list[Reference]) -> None:
    assert list(references(text)) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a $$ b", "a $ b"),
        ("${A}/${EMPTY}", "1/"),
        ("${EMPTY:-x}${EMPTY-y}", "x"),
        ("${A:+set}${NONE:+set}", "set"),
        ("${NONE:-${A}}", "1"),
        ("${NONE}", None),
        ("${NONE:?no}", None),
    ],
)
def test_known_values_replace_references(text: str, said: str | None) -> None:
    assert interpolate(text, {"A": "1", "EMPTY": ""}) == said
