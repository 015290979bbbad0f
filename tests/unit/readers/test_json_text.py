"""JSON is told from JSON with comments, and from what is neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.readers.json_text import is_relaxed_json, json_problem


def test_where_a_text_stops_being_json() -> None:
    problem = json_problem('{\n  "a": 1,\n}\n')

    assert problem is not None and (problem.line, problem.column) in {(2, 9), (3, 1)}
    assert json_problem('{"a": 1}') is None
    assert json_problem("[" * 100_000) is None


@pytest.mark.parametrize(
    ("text", "is_relaxed"),
    [
        ('{"a": 1, // b\n}', True),
        ("/* c */ [1, 2,]", True),
        ('{"a": "http://x", "b": "/* no */",}', True),
        ('{"a": 1, # no\n}', False),
        ("{a: 1}", False),
        ('{"a": 1 /* open', False),
        ('{"a": "open}', False),
    ],
)
def test_what_editors_allow(text: str, is_relaxed: bool) -> None:
    assert is_relaxed_json(text) is is_relaxed


@given(st.text(alphabet='{}[]",:/*\\ \n1a', max_size=60))
def test_any_text_is_judged(text: str) -> None:
    assert json_problem(text) is not None or is_relaxed_json(text)
