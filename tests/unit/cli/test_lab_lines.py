"""What the commands of a lab say."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from stems.__main__ import run
from stems.cli.commands.lab import healed_lines, program
from stems.errors import ExitCode
from stems.infrastructure.lab import state


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_only_a_node_whose_containers_are_well_is_called_healthy() -> None:
    assert healed_lines({"crtr": (), "drtr": (), "prtr": ("web-web-1",)}) == [
        "crtr, drtr: well, with every container that has a health check",
        "prtr: answers, not healthy: web-web-1",
    ]


def test_a_lab_that_cannot_be_read_hides_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    folder = state.lab_folder("torn")
    folder.mkdir(parents=True)
    (folder / "lab.json").write_text("{")

    assert run(["lab", "status", "--json"]) == ExitCode.UNKNOWN

    document = json.loads(capsys.readouterr().out)
    assert document["labs"] == []
    assert document["unreadable"][0]["remedy"] == "stems lab down --name torn --force"


def test_stems_that_is_not_on_the_path_is_called_by_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert shutil.which(program().split()[0], path="/") == program().split()[0]
    assert program().startswith(str(Path(sys.executable).parent))


def test_stems_on_the_path_is_called_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stems").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert program() == "stems"
