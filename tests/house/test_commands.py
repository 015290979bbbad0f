"""Every command is declared once, loads, and says what it does and how it ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from stems.cli.app import app
from stems.cli.command import COMMANDS, STAGES, Declared
from stems.errors import MEANINGS, ExitCode

COMMAND_FILES = Path(__file__).parents[2] / "src" / "stems" / "cli" / "commands"


@pytest.mark.parametrize("declared", COMMANDS, ids=lambda declared: declared.name)
def test_a_declared_command_loads_and_explains_itself(declared: Declared) -> None:
    command = app.get_command(click.Context(app), declared.name)

    assert command is not None and command.help and command.name == declared.name
    assert declared.stage in STAGES and declared.summary.endswith(".")
    assert {ExitCode.DONE, ExitCode.FAILED, ExitCode.USAGE} <= set(declared.exit_codes)


def test_every_command_file_is_declared() -> None:
    files = {path.stem for path in COMMAND_FILES.glob("*.py")} - {"__init__"}

    assert files == {declared.name for declared in COMMANDS}


def test_every_exit_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(ExitCode)


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from stems.__main__ import run; run(['--help']);"
        "heavy = {'pydantic', 'rich', 'jinja2', 'yaml', 'asyncio'} & set(sys.modules);"
        "sys.exit(repr(heavy) if heavy else 0)"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr
