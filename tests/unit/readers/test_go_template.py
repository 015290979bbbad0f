"""Go templates are scanned without an engine: what is open, what is closed, and what no engine would take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stems.readers.go_template import read_go_template


def test_actions_know_the_blocks_around_them() -> None:
    text = "{{ .a }}{{- with .b -}}{{ range $i, $x := .c }}{{ .d }}{{ end }}{{ end }}{{/* .e */}}"
    found = read_go_template(text)

    assert found.problem is None
    assert [(action.content, action.around) for action in found.actions if action.word != "end"] == [
        (".a", ()),
        ("with .b", ()),
        ("range $i, $x := .c", ("with",)),
        (".d", ("with", "range")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no actions } }}",
        "{{ `}} {{` }}{{ \"}}\" }}{{ '}' }}",
        "{{- /* {{ if }} */ -}}",
        "{{ if .a }}{{ else if .b }}{{ else }}{{ end }}",
        '{{ define "a" }}{{ end }}{{ block "b" . }}{{ end }}{{ template "a" . }}',
        "{{ -1 }}{{ .end }}{{ .iffy }}{{ endsWith .a }}",
        "{{ list 1\n2 }}",
        "{{ if .a }}{{ else }}{{ if .b }}{{ else }}{{ end }}{{ end }}",
        "{{ with .a }}{{ else with .b }}{{ else }}{{ end }}",
        '{{ (index .a (len `(`)).b | f "|" }}{{ .endif }}{{ $fi }}',
    ],
)
def test_what_an_engine_takes(text: str) -> None:
    assert read_go_template(text).problem is None


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("a{{ .b", 1),
        ("{{ .a {{ .b }}", 0),
        ("{{/* a }}", 0),
        ("{{/* a */ b }}", 0),
        ("{{ if .a }}", 0),
        ("{{ end }}", 0),
        ("{{ if .a }}{{ end }}{{ else }}", 20),
        ('{{ "a\n" }}', 3),
        ("{{ `a }}", 3),
        ("{{ if .a }}{{ else }}{{ else }}{{ end }}", 21),
        ("{{ if .a }}{{ else }}{{ else if .b }}{{ end }}", 21),
        ("{{ if .a }}{{ endif }}", 11),
        ("a{{ elif .a }}", 1),
        ("{{ with }}{{ end }}", 0),
        ("{{ if (eq .a 1 }}{{ end }}", 0),
        ("{{ .a) }}", 0),
        ("{{ .a | | b }}", 0),
        ("{{ (.a |) }}", 0),
    ],
)
def test_what_no_engine_takes(text: str, offset: int) -> None:
    problem = read_go_template(text).problem

    assert problem is not None and problem.offset == offset


PIECES = ["{{", "}}", "{{-", "-}}", "/*", "*/", '"', "`", "'", "\n", " ", "if", "end", "else", "with", ".a", "\\"]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_text_is_read_to_an_end(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = read_go_template(text)

    assert found.problem is None or 0 <= found.problem.offset <= len(text)


def test_blocks_in_one_another_without_end_take_no_time() -> None:
    assert len(read_go_template("{{ if }}" * 100_000).actions) < 1000
