"""What is written as YAML is read as what it was; a replaced value changes nothing else."""

from __future__ import annotations

import pytest

from stems.readers.written import with_values, write_scalar, write_yaml
from stems.readers.yaml import read_yaml

TRICKY = [
    "", " ", "a", "a b", "yes", "No", "on", "null", "~", "1", "1e3", "0o7", "0x1f", "1.5", ".5", ".inf", "2026-11-26",
    "a: b", "a #b", "#a", "- a", "-", "*a", "&a", "!a", "%a", "@a", "`a", "{a}", "[a]", "a,b", "'a'", '"a"', "a\\b",
    "$$HOME", "${A:-b}", "line\nbreak", "tab\there", "ü 😀", "\x7f\x85\u2028", "/a/b:/c:ro", "8080:80",
    "-c", "--", "---", "--a", "a:-b", "a -b",
    "12:30:45", "a:", "?a", "|", ">",
]  # fmt: skip


@pytest.mark.parametrize("text", TRICKY)
def test_a_text_stays_the_same_text(text: str) -> None:
    assert read_yaml(f"a: {write_scalar(text)}\n", "x").value == {"a": text}
    assert read_yaml(f"[{write_scalar(text)}]", "x").value == [text]


def test_everything_nested_comes_back() -> None:
    value = {"a": {"b": [1, True, None, 1.5, {"c": "d", "e": []}, [["f"]], {}]}, "1": {}, "on": "off"}

    assert read_yaml(write_yaml(value), "x").value == value
    assert write_yaml({"a": {"b": ["c", {"d": 1, "e": "f"}]}}, indent=2) == (
        "  a:\n    b:\n      - c\n      - d: 1\n        e: f\n"
    )


COMPOSE = """\
# kept
services:
  a: {image: x, volumes: [./a:/a, "./b:/b"]}   # kept, too
  b:
    volumes:
      - ./c:/c  # why
      - 'it''s:/d'
    environment: &shared
      A: old # a comment
  c: {environment: *shared}
"""


def test_values_are_replaced_in_their_place() -> None:
    document = read_yaml(COMPOSE, "x")
    changes: dict[tuple[str | int, ...], str] = {
        ("services", "a", "volumes", 0): "/x/a:/a",
        ("services", "a", "volumes", 1): "/x/b:/b",
        ("services", "b", "volumes", 0): "/x y/c:/c",
        ("services", "b", "volumes", 1): "/x: y",
        ("services", "b", "environment", "A"): "${A}",
        ("services", "c", "environment", "A"): "${A}",
    }

    assert with_values(COMPOSE, document, changes) == COMPOSE.replace("./a:/a", "/x/a:/a").replace(
        '"./b:/b"', "/x/b:/b"
    ).replace("./c:/c", "/x y/c:/c").replace("'it''s:/d'", '"/x: y"').replace("old", '"${A}"')


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("a: |\n  b\n", ("a",)),
        ("a: b\n  c\n", ("a",)),
        ("a: &x b\nc: *x\n", ("a",)),
        ("a: !t b\n", ("a",)),
        ('a: "b\n  c"\n', ("a",)),
    ],
)
def test_what_cannot_be_replaced_for_sure_is_not(text: str, keys: tuple[str | int, ...]) -> None:
    assert with_values(text, read_yaml(text, "x"), {keys: "new"}) is None
