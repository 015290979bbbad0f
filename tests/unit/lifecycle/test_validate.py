"""Whatever is wrong with the working tree is a finding with its place, also where it cannot be read at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from stems.lifecycle.validate import validate_working_tree
from stems.model.cluster import CLUSTER_FILE
from tests.support.scratch import Scratch
from tests.unit.validation.judged import TEXT


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"a: 1\nb: \xe9", "STM101", 2),
        (b"#" * 3_000_000, "STM101", 0),
        (TEXT.replace("tool: files", "tool: dotbot").encode(), "STM111", 8),
    ],
)
def test_what_keeps_tools_from_being_asked_is_a_finding(tmp_path: Path, content: bytes, code: str, line: int) -> None:
    scratch = Scratch(tmp_path / "repository")
    scratch.commit({"README.md": "a\n"}, "Begin")
    file = tmp_path / "repository" / CLUSTER_FILE
    file.parent.mkdir()
    file.write_bytes(content)
    (found,) = validate_working_tree(tmp_path / "repository").findings

    assert (found.code, found.place.path, found.place.line) == (code, CLUSTER_FILE, line)
    assert found.remedy
