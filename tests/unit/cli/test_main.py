"""However a command ends, it ends with a documented exit code, a message of one shape, and no traceback."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from stems.__main__ import run
from stems.cli.commands import schema
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


def test_without_room_for_a_log_the_failure_is_still_one_exit_code(
    fails: Fails, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fails(ZeroDivisionError())
    monkeypatch.setattr("tempfile.tempdir", "/no/such/folder")

    assert run(["schema"]) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_help_groups_commands_by_stage(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    out = capsys.readouterr().out

    assert re.findall(r"^(\w+):$", out, re.MULTILINE) == [
        "Options",
        "Validate",
        "Deploy",
        "Operate",
        "Develop",
        "Practise",
    ]


def test_the_help_of_a_command_ends_with_its_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    run(["drift", "--help"])

    assert "Exit codes:" in (out := capsys.readouterr().out)
    assert "4  drift found" in out and "7  a node is unknown" in out
