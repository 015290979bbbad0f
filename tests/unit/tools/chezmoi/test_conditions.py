"""What is known of a node decides conditions of pattern files, and nothing else does."""

from __future__ import annotations

import pytest

from stems.model.node import Node, SshAddress
from stems.tools.chezmoi.conditions import decided, known_of
from stems.tools.chezmoi.templated import Ignored, ignored, pattern_lines

GATE = known_of(
    Node("gate", "gate.home.arpa", SshAddress("192.0.2.1"), arch="x86_64"), {"node_role": "gateway", "ports": [80]}
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('eq .chezmoi.hostname "gate"', True),
        ('ne .chezmoi.hostname "gate"', False),
        ('eq .chezmoi.hostname "a" "gate"', True),
        ("eq .chezmoi.os `darwin`", False),
        ('eq .chezmoi.arch "amd64"', True),
        ('not (eq .node_role "gateway")', False),
        ('or (eq .node_role "x") (eq .chezmoi.os "linux")', True),
        ('and (eq .node_role "gateway") (eq .unknown "x")', None),
        ('and (eq .node_role "x") (eq .unknown "x")', False),
        ('eq .chezmoi.osRelease.id "debian"', None),
        (".work", None),
        ('eq .ports "80"', None),
        ('eq "gate" .chezmoi.hostname', None),
        ('or .work (eq .chezmoi.os "linux")', None),
        ("", None),
    ],
)
def test_a_condition_is_decided_by_what_is_known(condition: str, expected: bool | None) -> None:
    assert decided(condition, GATE) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{ if eq .chezmoi.hostname "gate" }}\n.a\n{{ end }}\n', Ignored.YES),
        ('{{- if ne .chezmoi.hostname "gate" }}\n.a\n{{- end }}\n', Ignored.NO),
        ('{{ if ne .chezmoi.hostname "gate" }}\n.b\n{{ else }}\n.a\n{{ end }}\n', Ignored.YES),
        ('{{ if eq .chezmoi.os "linux" }}\n.b\n{{ else if .x }}\n.a\n{{ end }}\n', Ignored.NO),
        ('{{ if .x }}\n.b\n{{ else if eq .chezmoi.os "linux" }}\n.a\n{{ end }}\n', Ignored.MAYBE),
        ('{{ if .x }}\n{{ if eq .chezmoi.os "darwin" }}\n.a\n{{ end }}\n{{ end }}\n', Ignored.NO),
        (
            '{{ if eq .chezmoi.os "darwin" }}\n.b\n{{ else if eq .node_role "x" }}\n.b\n{{ else }}\n.a\n{{ end }}',
            Ignored.YES,
        ),
        ("{{ with .x }}\n.a\n{{ else }}\n.a\n{{ end }}\n", Ignored.MAYBE),
        ('{{ if eq .chezmoi.os "linux" }}\n{{ .x }}\n{{ end }}\n', Ignored.MAYBE),
    ],
)
def test_patterns_hold_where_their_condition_does(text: str, expected: Ignored) -> None:
    assert ignored(pattern_lines(text, GATE), ".a") is expected


def test_lines_keep_their_numbers() -> None:
    lines = pattern_lines('{{ if eq .chezmoi.os "darwin" }}\n.b\n\n{{ end }}\n.a\n', GATE)

    assert [(line.number, line.pattern) for line in lines] == [(5, ".a")]
