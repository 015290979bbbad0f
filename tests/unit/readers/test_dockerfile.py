"""Instructions of a Dockerfile are read with their lines, and what looks like one elsewhere is none."""

from __future__ import annotations

from stems.readers.dockerfile import Base, Instruction, bases, instructions

TEXT = """\
# syntax=docker/dockerfile:1
ARG VERSION=3.12
FROM --platform=$BUILDPLATFORM python:${VERSION}-slim AS base

RUN apt-get update && \\
    # FROM scratch
    apt-get install -y curl
RUN <<EOF
FROM nowhere
EOF
  HEALTHCHECK CMD true
from base
COPY --from=base /a /b
FROM nginx
"""


def test_an_instruction_has_all_of_its_lines() -> None:
    found = list(instructions(TEXT))

    assert [(one.name, one.line) for one in found] == [
        ("ARG", 2), ("FROM", 3), ("RUN", 5), ("RUN", 8), ("HEALTHCHECK", 11), ("FROM", 12), ("COPY", 13), ("FROM", 14),
    ]  # fmt: skip
    assert found[2] == Instruction("RUN", "apt-get update &&      apt-get install -y curl", 5)


def test_a_base_is_no_stage_of_the_same_file() -> None:
    assert bases(TEXT, {}) == (Base("python:3.12-slim", 3), Base("nginx", 14))


def test_an_argument_has_the_value_that_the_build_gives() -> None:
    assert bases(TEXT, {"VERSION": "3.13"})[0].image == "python:3.13-slim"
    assert bases(TEXT, {"VERSION": None})[0].image is None
    assert bases("ARG A\nFROM $A\nFROM ${B:-alpine}\n", {}) == (Base(None, 2), Base("alpine", 3))


def test_anything_can_be_asked() -> None:
    assert list(instructions("\\\n\\\n")) == []
    assert bases("FROM\nFROM \\", {}) == ()
