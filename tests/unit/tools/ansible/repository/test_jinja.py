"""Templates are read without being rendered: what is wrong in them, and which names they take from outside."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stems.tools.ansible.repository.jinja import _environment, _names, parse_expression, parse_template, parse_text
from stems.tools.ansible.repository.plain_jinja import read_plain
from stems.tools.ansible.repository.spelling import nearly


@pytest.mark.parametrize(
    ("text", "names", "guarded"),
    [
        ("{{ a }} and {{ b.c }}", "a b", ""),
        ("{{ a | default(b) }}", "a b", "a b"),
        ("{% set a = b %}{{ a }}", "b", ""),
        ("{% for x in xs %}{{ x }}{{ loop.index }}{% endfor %}", "xs", ""),
        ("{% if a is defined %}{{ a.b }}{% endif %}", "a", "a"),
        ("{% macro m(p) %}{{ p }}{{ q }}{% endmacro %}{{ m(1) }}", "q", ""),
        ("{% from 'x.j2' import a as b %}{{ b(c) }}", "c", ""),
        ("no template", "", ""),
    ],
)
def test_names(text: str, names: str, guarded: str) -> None:
    found = parse_template(text)

    assert found.problem == ""
    assert (" ".join(sorted(found.names)), " ".join(sorted(found.guarded))) == (names, guarded)


def test_a_condition_needs_no_braces() -> None:
    assert parse_expression("a.rc == 0 and b is defined").names == {"a", "b"}
    assert parse_expression("a = b").problem


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n{% if x %}\nb\n", 2),
        ("{{ a }", 1),
        ("a\nb {{ .Names }}\n", 2),
        ("#jinja2: lstrip_blocks: True\na\n{{ }}\n", 3),
    ],
)
def test_a_mistake_has_a_line(text: str, line: int) -> None:
    found = parse_template(text)

    assert found.problem
    assert found.line >= line


def test_other_delimiters() -> None:
    text = "#jinja2: variable_start_string: '[%', variable_end_string: '%]', trim_blocks: False\n{{ .Go }} [% a %]\n"

    assert parse_template(text).names == {"a"}


@given(st.text(alphabet="{}%#-ab .|('\"\n", max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for parse in (parse_text, parse_template, parse_expression):
        found = parse(text)
        assert bool(found.problem) == bool(found.line)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("tempalte", "template"),
        ("templat", "template"),
        ("templatex", "template"),
        ("tomplate", "template"),
        ("tmplt", ""),
    ],
)
def test_one_slip_of_a_finger(word: str, meant: str) -> None:
    assert nearly(word, ["template", "copy"]) == meant


def test_two_that_are_as_near_are_none() -> None:
    assert nearly("app_xid", ["app_uid", "app_gid"]) == ""


PIECES = [
    "a", "b.c", "d['e']", "f[0]", "'g'", "1", " and ", " or ", "not ", " in ", " not in ", " is ", "defined", " | ",
    "default(h)", " | default([])",
    "[i, 'j']", " is not defined", "join(', ')", " == ", " + ", "{{ ", " }}", "{% if ", " %}", "{% endif %}",
    "{% else %}", "{% elif ", "{{ a", "{{ a | default(b)", "{% if a == ", "{% for x in xs %}", " and not ",
    "{% for x in ", "{% endfor %}", "{% set y = ", "{# z #}", "-", " ", "text", "(", ")", "{%- ", " -%}", "is", "not",
    "if", "x,y", "{", "}", "%}", "}}", '"q"', ",", "~", "none",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=600, deadline=None)
def test_what_is_read_without_jinja_is_what_jinja_reads(text: str) -> None:
    plain = read_plain(text)
    if plain is not None:
        tree = _environment(()).parse(text)
        found = _names(tree)

        assert (found.names, found.guarded) == plain
