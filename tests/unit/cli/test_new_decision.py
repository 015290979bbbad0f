"""`stems new decision` prints the page that it wrote, and writes none with empty parts."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stems.__main__ import run

GIVEN = ["--context", "Two databases", "--decision", "One is enough", "--consequences", "Both stop together"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def test_the_path_is_printed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(root), "new", "decision", "Share one database", *GIVEN]) == 0

    path = capsys.readouterr().out.strip()
    assert path == "docs/decisions/0001-share-one-database.md"
    assert "## Consequences\n\nBoth stop together\n" in (root / path).read_text()


def test_what_is_missing_is_an_error_where_nobody_can_be_asked(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(root), "new", "decision", "Share one database", *GIVEN[:2]]) == 2

    assert "--decision, --consequences" in capsys.readouterr().err
    assert not (root / "docs").exists()
