"""The workflows and hooks that users copy can be read, and every command in them exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import click
import pytest

from stems.cli.app import app
from stems.readers.yaml import read_yaml

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "src/stems/methodology/templates/repository"
WORKFLOWS = sorted(path for path in TEMPLATE.rglob("*.yml") if "workflows" in path.parts)
COMMAND = re.compile(r"(?<![\w/.-])stems (?P<name>[a-z]+)(?P<options>(?: --[a-z-]+)*)")


def require_command(text: str) -> None:
    for match in COMMAND.finditer(text):
        found = app.get_command(click.Context(app), match["name"])
        assert found is not None, match[0]
        known = {option for parameter in found.params for option in parameter.opts}
        assert set(match["options"].split()) <= known, match[0]


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    document = cast("dict[str, Any]", read_yaml(workflow.read_text(), workflow.name, strict=True).value)
    assert {"name", "on", "jobs"} <= document.keys()
    for job in document["jobs"].values():
        assert job["runs-on"]
        yield from job["steps"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.parts[-3])
def test_a_workflow_runs_commands_that_exist(workflow: Path) -> None:
    found = list(steps(workflow))
    runs = [step["run"] for step in found if "run" in step]

    assert all(("run" in step) != ("uses" in step) for step in found)
    assert any("stems validate" in run for run in runs)
    require_command("\n".join(runs))


def test_there_are_workflows() -> None:
    assert [path.parts[-3] for path in WORKFLOWS] == [".forgejo", ".github"]


def test_the_page_names_commands_that_exist() -> None:
    spans = re.findall(r"`(stems [^`\n]+)`", (ROOT / "docs/ci.md").read_text())

    assert len(spans) > 4  # commands, not prose
    require_command("\n".join(spans))


def test_what_is_uploaded_is_what_was_written() -> None:
    (github,) = (workflow for workflow in WORKFLOWS if ".github" in workflow.parts)
    (upload,) = (step for step in steps(github) if "upload-sarif" in step.get("uses", ""))

    assert any(f">{upload['with']['sarif_file']}" in step.get("run", "") for step in steps(github))
