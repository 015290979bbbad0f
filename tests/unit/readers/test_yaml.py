"""YAML is read with positions, as YAML 1.2, and hostile text ends in one clear error in bounded time."""

from __future__ import annotations

import math
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from stems.errors import ConfigurationError
from stems.readers.yaml import read_all_yaml, read_yaml

BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
SMALL = "\n".join(BOMB.splitlines()[:4]) + "\n"


def value(text: str) -> object:
    return read_yaml(text, "f.yml").value


def problem(text: str, *, strict: bool = False) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_yaml(text, "f.yml", strict=strict)
    return caught.value.problem


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"),
        ("on", "on"),
        ("NO", "NO"),
        ("y", "y"),
        ("12:30:45", "12:30:45"),
        ("0777", "0777"),
        ("0o17", 15),
        ("0x1F", 31),
        ("-12", -12),
        ("+1.5e3", 1500.0),
        (".5", 0.5),
        ("1_000", "1_000"),
        ("1e400", "1e400"),
        ("1" * 200, "1" * 200),
        (".inf", math.inf),
        ("2001-01-01", "2001-01-01"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ('"5"', "5"),
        ("'true'", "true"),
        ("!!str 5", "5"),
        ("!!int '5'", 5),
        ("!vault abc", "abc"),
        ("= 1", "= 1"),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    assert value(f"a: {written}") == {"a": meant}


def test_every_key_and_value_has_a_place() -> None:
    document = read_yaml("a:\n  b: [x, {c: d}]\n  e: &anchor {f: g}\nh: *anchor\n", "f.yml")

    assert str(document.place("a", "b", 1, "c")) == "f.yml:2:14"
    assert str(document.key_place("a", "b")) == "f.yml:2:3"
    assert str(document.key_place("a", "b", 0)) == "f.yml:2:7"
    assert str(document.place("h")) == "f.yml:4:4"
    assert str(document.place("h", "f")) == "f.yml:3:18"
    assert str(document.key_place("h", "f")) == "f.yml:3:15"


def test_the_place_of_what_is_missing_is_the_nearest_above() -> None:
    document = read_yaml("a:\n  b: {c: 1}\n", "f.yml")

    assert document.place("a", "b", "zz", 0, "y") == document.place("a", "b")
    assert document.key_place("a", "zz") == document.place("a")
    assert document.place("a", 3) == document.place("a")


def test_merge_keys_are_merged_and_own_keys_win() -> None:
    text = "x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  b: 0\n  <<: [*x, *y]\n"

    assert value(text) == {"x": {"a": 1, "b": 2}, "y": {"b": 3, "c": 4}, "z": {"b": 0, "a": 1, "c": 4}}
    assert value('"<<": 1') == {"<<": 1}


def test_strict_refuses_what_a_plain_reader_would_guess() -> None:
    assert problem("a: &a {b: 1}\nc:\n  <<: *a", strict=True).startswith("f.yml:3:3: `<<` is not allowed")
    assert problem("a: !vault b", strict=True) == "f.yml:1:4: the tag `!vault` has no meaning here"
    assert problem("5: b", strict=True) == 'f.yml:1:1: a key must be text: write "5" in quotes'
    assert problem('a: "\\e[31m"', strict=True) == "f.yml:1:4: a control character is not allowed in a value"


def test_a_value_with_an_unknown_tag_keeps_its_text() -> None:
    document = read_yaml("a: !vault |\n  line\nb: !reset [1]\n", "f.yml")

    assert document.value == {"a": "line\n", "b": [1]}
    assert document.tag("a") == "!vault"
    assert document.tag("b") == "!reset"
    assert document.tag("c") == ""


def test_a_key_that_is_a_number_keeps_its_text() -> None:
    assert value("80: a\ntrue: b\n") == {"80": "a", "true": "b"}


def test_values_by_alias_are_not_shared() -> None:
    read = value("a: &a [1]\nb: *a\n")

    assert isinstance(read, dict)
    read["a"].append(2)
    assert read["b"] == [1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", "f.yml:3:1: `a` is written twice: the first is on line 1"),
        ("a:\n\tb: 1", "f.yml:2:1: a tab cannot indent YAML: use spaces"),
        ("a: b: c", "f.yml:1:5: `: ` is not possible here: check the indentation, or put the text in quotes"),
        ("a: [1, 2\nb: 3", "f.yml:2:2: expected `,` or `]`: the list that starts above is not closed"),
        ('a: "x', "f.yml:1:6: the text ends inside quotes"),
        ("a: @x", "f.yml:1:4: a value cannot start with `@`: put it in quotes"),
        ("a: *b", "f.yml:1:4: `*b` refers to nothing: no `&b` before it"),
        ("a: &a [*a]", "f.yml:1:8: `*a` refers to something that contains it"),
        ("a: \0", "f.yml:1:4: the character U+0000 is not allowed in YAML"),
        ("x: y\na: \ud800", "f.yml:2:4: the character U+D800 is not allowed in YAML"),
        ('a: "\\0"', "f.yml:1:4: a control character is not allowed in a value"),
        ("a\n---\nb", "f.yml:3:1: a second document starts here, and only one is allowed"),
        ("{a: b}: c", "f.yml:1:1: a key must be text: put quotes around a key that starts with `{` or `[`"),
        ("a: {{ x }}", "f.yml:1:5: a key must be text: put quotes around a key that starts with `{` or `[`"),
        ("a:\n  <<: 5", "f.yml:2:7: `<<` merges mappings, and this is none"),
        ("[" * 500, "f.yml:1:101: nested more than 100 levels deep"),
        ("- " * 500, "f.yml:1:201: nested more than 100 levels deep"),
        ("x" * 3_000_000, "f.yml: larger than 2 MiB"),
        ("a: &a [[]]\nb: " + "[" * 98 + "*a" + "]" * 98, "f.yml:2:102: nested more than 100 levels deep"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, said: str) -> None:
    assert problem(text) == said


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 50_000, "{a: " * 50_000])
def test_nesting_that_the_parser_itself_refuses_is_named_alike(text: str) -> None:
    assert problem(text).endswith("nested more than 100 levels deep")


@pytest.mark.parametrize("text", [BOMB, "[" + "a," * 500_000 + "]", "---\n".join([SMALL] * 4000)])
def test_too_many_values_are_refused_soon(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(ConfigurationError, match="more than 100000 values"):
        read_all_yaml(text, "f.yml")

    assert time.monotonic() - started < 10


def test_several_documents_are_read_when_asked() -> None:
    assert [document.value for document in read_all_yaml("a: 1\n---\nb: 2\n", "f.yml")] == [{"a": 1}, {"b": 2}]
    assert value("") is None
    assert value("# only a comment\n") is None
    assert value("\ufeffa: 1") == {"a": 1}


WORDS = [": ", "- ", "\n  ", "&a ", "*a", "<<: ", "!!int ", "---\n", "0x"]
fragments = st.lists(
    st.sampled_from([*"abc019 \n\t:-?[]{}&*!|>%@#'\"\\,~<", *WORDS]),
    max_size=60,
).map("".join)


@settings(max_examples=400)
@given(st.one_of(fragments, st.text(max_size=80)), st.booleans())
def test_only_configuration_errors_come_out(text: str, strict: bool) -> None:
    try:
        documents = read_all_yaml(text, "f.yml", strict=strict)
    except ConfigurationError as error:
        assert error.problem.startswith("f.yml")
    else:
        assert all(document.place().line for document in documents)


@pytest.mark.parametrize("text", ["a: {b: [1, no, '2']}\nc: &x 0777\nd: *x\n", "a: !vault |\n  b\n", ""])
def test_without_the_c_parser_the_same_is_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with_c = read_yaml(text, "f.yml")
    monkeypatch.setattr("stems.readers.yaml._PARSER", yaml.SafeLoader)

    assert read_yaml(text, "f.yml") == with_c
    assert read_yaml(text, "f.yml").place("a", "b", 1) == with_c.place("a", "b", 1)


@pytest.mark.parametrize(
    "text", ["a: &a [*a]", "[" * 100_000, 'a: "\\ud800"', 'a: "\\UFFFFFFFF"', "a: [1\nb: 2", "a:\n\tb"]
)
def test_without_the_c_parser_mistakes_are_refused_too(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stems.readers.yaml._PARSER", yaml.SafeLoader)

    assert problem(text).startswith("f.yml")
