"""Pattern files are templates: what stands in a condition is neither ignored for sure nor surely not."""

from __future__ import annotations

import pytest

from stems.tools.chezmoi.templated import Ignored, ignored, pattern_lines

NO, MAYBE, YES = Ignored.NO, Ignored.MAYBE, Ignored.YES


def judged(text: str, target: str) -> Ignored:
    return ignored(pattern_lines(text), target)


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("README.md\n", "README.md", YES),
        ("README.md # for people\n", "README.md", YES),
        ("# README.md\n", "README.md", NO),
        ("a#b\n", "a#b", YES),
        ("  *.txt  \r\n", "a.txt", YES),
        ("*\n!keep\n", "keep", NO),
        ("!keep\n*\n", "keep", NO),
        ("*\n!keep\n", "other", YES),
        ('{{ if eq .chezmoi.os "linux" }}\n.mac\n{{ end }}\n', ".mac", MAYBE),
        ('{{- if ne .email "a@b" }}\n.x\n{{- else }}\n.y\n{{- end }}\n.z\n', ".y", MAYBE),
        ('{{- if ne .email "a@b" }}\n.x\n{{- end }}\n.z\n', ".z", YES),
        ("{{ if .a }}{{ if .b }}\nx\n{{ end }}\ny\n{{ end }}\nz\n", "y", MAYBE),
        ("{{ if .a }}x{{ end }}\n", "x", MAYBE),
        ("{{ range .all }}{{ . }}\n{{ end }}", "whatever", MAYBE),
        (".config/{{ .chezmoi.hostname }}\n", ".config/one", MAYBE),
        (".config/{{ .chezmoi.hostname }}\n", ".other", NO),
        ('{{ template "more" . }}\n', "whatever", MAYBE),
        ("{{/* nothing */}}\nx\n", "x", YES),
        ("{{/* a }} b */}}\nx\n", "x", YES),
        ('{{ $os := .chezmoi.os }}\nx\n', "x", YES),
        ('{{ $os := .chezmoi.os }}\nx\n', "y", NO),
        ('{{ if eq .a "}}" }}\nx\n{{ end }}\n', "x", MAYBE),
        ("*\n{{ if .a }}\n!x\n{{ end }}\n", "x", MAYBE),
        ("*\n{{ if .a }}\n!x\n{{ end }}\n", "y", YES),
        ("a\n{{- .b }}\n", "a", MAYBE),
        ("[broken\nx\n", "x", YES),
        ("!keep\n", "keep", NO),
        ("!keep\n", "other", YES),
        ("{{ if .a }}\n!keep\n{{ end }}\n", "other", MAYBE),
        ("{{ if .a }}\n!keep\n{{ else }}\n!other\n{{ end }}\n", "keep", MAYBE),
        ("{{ if .a }}\nx\n{{ end }}\n!keep\n", "other", MAYBE),
        ("x\n!keep\n", "other", NO),
        ("# chezmoi:template:missing-key=zero\nx\n", "x", YES),
        ("# chezmoi:template:missing-key=zero\nx\n", "y", NO),
        ("# chezmoi:template:left-delimiter=[[ right-delimiter=]]\n[[ if .a ]]\nx\n", "x", MAYBE),
        ("**/*.txt\n", "a.txt", YES),
        ("**/*.txt\n", "a/b/c.txt", YES),
        ("*/*.txt\n", "a/b/c.txt", NO),
        ("*/*.txt\n", ".a/b.txt", YES),
        ("a/**\n", "a", YES),
        ("a/**\n", "a/b/c", YES),
        ("a**\n", "a/b", NO),
        ("{a,b/c}.txt\n", "b/c.txt", YES),
        ("[!a]\n", "b", YES),
        ("[a-c]?\n", "b1", YES),
        ("! x\n*\n", "x", YES),
    ],
)  # fmt: skip
def test_whether_a_target_is_ignored(text: str, target: str, expected: Ignored) -> None:
    assert judged(text, target) is expected


def test_a_line_is_found_again_in_the_file() -> None:
    lines = pattern_lines("# head\n\na\n{{ if .x }}\n!b\n{{ end }}\n")

    assert [(line.number, line.pattern, line.is_exception, line.is_certain) for line in lines] == [
        (3, "a", False, True),
        (5, "b", True, False),
    ]
