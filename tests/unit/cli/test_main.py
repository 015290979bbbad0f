"""However a command ends, it ends with a documented exit code, a message of one shape, and no traceback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from stems.__main__ import run
from stems.cli.commands import schema, validate
from stems.errors import (
    ApprovalError,
    CancelledError,
    ConfigurationError,
    DriftFoundError,
    LockHeldError,
    NodeUnreachableError,
    StemsError,
    TakenBackError,
    TakingBackFailedError,
    ToolError,
    UsageError,
)
from stems.lifecycle.validate import Wanted

Fails = Callable[[BaseException], None]


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fails:
    """Have `stems schema` end with an error."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def arrange(error: BaseException) -> None:
        def end() -> NoReturn:
            raise error

        monkeypatch.setattr(schema, "schema_text", end)

    return arrange


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StemsError, 1), (ToolError, 1), (UsageError, 2), (ConfigurationError, 3), (DriftFoundError, 4),
        (ApprovalError, 5), (LockHeldError, 6), (NodeUnreachableError, 7), (TakenBackError, 8),
        (TakingBackFailedError, 9), (CancelledError, 130),
    ],
)  # fmt: skip
def test_every_expected_failure_has_its_exit_code(
    fails: Fails, capsys: pytest.CaptureFixture[str], error: type[StemsError], code: int
) -> None:
    fails(error("prtr: broken", remedy="mend it"))

    assert run(["schema"]) == code
    assert capsys.readouterr() == ("", "error: prtr: broken\n next: mend it\n")


def test_success_is_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"]


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["plan", "--help"], ["--version"]])
def test_asking_for_help_is_no_failure(arguments: list[str]) -> None:
    assert run(arguments) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["statsu"], "Did you mean `stems status`?"),
        (["zzz"], "no such command: zzz"),
        (["plan", "--nope"], "--nope"),
        (["trust"], "node"),
        (["-C", "/no/such/folder", "plan"], "/no/such/folder"),
        (["history", "--limit", "many"], "many"),
        (["history", "--limit", "-1"], "-1"),
        (["history", "--limit", "0"], "0"),
        (["deploy", "--repair", "--resume"], "--resume"),
    ],
)
def test_a_wrong_command_line_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ") and said.lower() in err.lower() and " next: " in err


def test_a_wrong_command_line_with_json_is_a_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "--nope", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)

    assert (document["schema"], document["exit_code"]) == ("stems.error/1", 2)


def test_outside_a_repository_a_reading_command_says_so_as_a_document(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["-C", str(tmp_path), "status", "--json"]) == 2
    out, err = capsys.readouterr()

    assert err == ""
    assert json.loads(out) == {
        "schema": "stems.error/1",
        "problem": f"{tmp_path}: not a Git repository",
        "ran": "",
        "said": "",
        "remedy": "go to your repository, or start one with `git init`",
        "exit_code": 2,
        "findings": [],
    }


@pytest.fixture(autouse=True)
def here() -> None:
    """`-C` moves this process: every test begins at the same place."""
    os.chdir(Path(__file__).parent)


def test_a_bug_leaves_a_log_and_no_traceback(fails: Fails, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    fails(ZeroDivisionError("division by\nzero \x1b[2J"))

    assert run(["schema"]) == 1
    out, err = capsys.readouterr()
    (log,) = tmp_path.glob("stems-bug-*.log")
    assert out == "" and "Traceback" not in err and "\x1b" not in err
    assert err.startswith(
        "error: stems met a situation that it does not know (ZeroDivisionError)\n said: division by\n"
    )
    assert f"please report this with {log}" in err
    assert "Traceback" in log.read_text() and "command: stems schema" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("interrupted", [KeyboardInterrupt(), EOFError()])
def test_ctrl_c_is_130(fails: Fails, capsys: pytest.CaptureFixture[str], interrupted: BaseException) -> None:
    fails(interrupted)

    assert run(["schema"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted"


def test_ctrl_c_with_json_is_a_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def end(folder: Path, wanted: Wanted) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(validate, "validate_working_tree", end)

    assert run(["validate", "--json"]) == 130
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["problem"], document["exit_code"]) == ("stems.error/1", "interrupted", 130)


def test_without_room_for_a_log_the_failure_is_still_one_exit_code(
    fails: Fails, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(ZeroDivisionError())
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")

    assert run(["schema"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("error: stems met a situation that it does not know (ZeroDivisionError)")
    assert "there is no log, because it cannot be written" in err and "Traceback" not in err


def stems(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The real program, run by a shell; `$STEMS` is how it is called."""
    env = {**os.environ, "STEMS": f"{sys.executable} -m stems"}
    return subprocess.run(["/bin/sh", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("closed", ["<&-", "<&- 2>&-", "<&- >&-"])
def test_a_closed_stream_is_no_bug(tmp_path: Path, closed: str) -> None:
    ended = stems(f"$STEMS history {closed}", tmp_path)

    assert ended.returncode == 2
    assert "situation" not in ended.stderr
    assert "not a Git repository" in ended.stderr or "2>&-" in closed


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    ended = stems("cd gone; rmdir ../gone; $STEMS validate --json", tmp_path)

    assert ended.returncode == 2
    assert json.loads(ended.stdout)["problem"] == "the current folder is gone"


@pytest.mark.parametrize("arguments", ["schema", "validate --json"])
def test_a_full_disk_behind_the_output_is_said(tmp_path: Path, arguments: str) -> None:
    ended = stems(f"$STEMS {arguments} > /dev/full", tmp_path)

    assert ended.returncode == 1
    assert ended.stderr.startswith("error: this machine: no space left to write\n next: free some space")


def test_help_groups_commands_by_stage(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    out = capsys.readouterr().out

    assert re.findall(r"^(\w+):$", out, re.MULTILINE) == [
        "Options",
        "Plan",
        "Validate",
        "Deploy",
        "Operate",
        "Develop",
        "Learn",
        "Practise",
    ]


def test_the_help_of_a_command_ends_with_its_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    run(["drift", "--help"])

    assert "Exit codes:" in (out := capsys.readouterr().out)
    assert "4  drift found" in out and "7  a node is unknown" in out
