"""What pre-commit is told about stems is what it understands, and a command that exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import click

from stems.cli.app import app
from stems.readers.yaml import read_yaml

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
# Source: "Creating new hooks" of pre-commit's documentation.
KEYS = {
    "id", "name", "entry", "language", "files", "exclude", "types", "types_or", "exclude_types", "always_run",
    "fail_fast", "verbose", "pass_filenames", "require_serial", "description", "language_version", "args", "stages",
    "minimum_pre_commit_version",
}  # fmt: skip


def test_every_hook_is_well_formed() -> None:
    hooks = cast("list[dict[str, Any]]", read_yaml(HOOKS.read_text(), HOOKS.name, strict=True).value)

    assert [hook["id"] for hook in hooks] == ["stems-validate", "stems-validate-all"]
    for hook in hooks:
        assert {"id", "name", "entry", "language"} <= hook.keys() <= KEYS
        assert hook["language"] == "python" and hook["pass_filenames"] is False
        program, command, *options = hook["entry"].split()
        found = app.get_command(click.Context(app), command)
        assert program == "stems" and found is not None
        assert set(options) <= {option for parameter in found.params for option in parameter.opts}
