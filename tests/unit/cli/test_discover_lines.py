"""What was discovered is told in a line for each node, and only what changed is shown at length."""

from __future__ import annotations

from dataclasses import replace

import click

from stems.cli.render.discover import render_discovered
from stems.errors import NodeUnreachableError
from stems.lifecycle.discover import Found
from stems.model.observation import Answer, Present, Unknown
from stems.model.truth import Gpu, Truth
from stems.readers.written_truth import write_truth

GATE = Truth("gate", arch="arm64", cpus=4, memory=8 * 1024**3, gpu=(), docker=None)
PATH = "truth/gate.yml"


def told(*, written: bool = True, **answers: Answer[Found]) -> list[str]:
    return [click.unstyle(line) for line in render_discovered(answers, written=written)]


def test_a_node_that_is_as_its_file_says_is_one_line() -> None:
    found = Found(GATE, PATH, write_truth(GATE))

    assert told(gate=Present(found)) == [
        "gate  ✓ unchanged  truth/gate.yml  arm64, 4 processors, 8G memory, gpu none, docker none"
    ]


def test_a_new_file_is_not_repeated_unless_nothing_is_written() -> None:
    found = Present(Found(Truth("gate"), PATH, None))

    assert told(gate=found) == [
        "gate  ✓ written  truth/gate.yml  ?, ? processors, ? memory, gpu ?, docker ?",
        " next: look through the files, run `stems validate`, commit",
    ]
    shown = told(gate=found, written=False)
    assert "would be written" in shown[0]
    assert any("+memory: unknown" in line for line in shown)
    assert not any("next:" in line for line in shown)


def test_a_change_is_shown_as_a_diff() -> None:
    now = replace(GATE, gpu=(Gpu("RTX 3090", "nvidia"),))
    lines = [line.strip() for line in told(gate=Present(Found(now, PATH, write_truth(GATE))))]

    assert lines[0].startswith("gate  ! changed")
    assert [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [
        "-gpu: []",
        "+gpu:",
        "+  - name: RTX 3090",
        "+    vendor: nvidia",
    ]


def test_what_cannot_be_seen_now_is_said() -> None:
    lines = told(gate=Present(Found(GATE, PATH, write_truth(GATE), ("docker", "containers"))))

    assert lines[1] == "gate  ? unknown now, kept as the file has it: docker, containers"


def test_a_node_that_does_not_answer_says_what_becomes_of_its_file() -> None:
    (line,) = told(gate=Unknown(NodeUnreachableError("gate: no route to host")))

    assert line == "gate  ? unknown  no route to host  its file is left as it is"
