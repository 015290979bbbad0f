"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "stems"
MOST_LINES = 300
MOST_BODY = 40

LONGER: dict[str, str] = {}
"""`file` or `file:function`, each with the reason why it is longer."""

FILES = sorted(SOURCE.rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_is_read_in_one_go(path: Path) -> None:
    lines = len(path.read_text().splitlines())

    assert lines <= MOST_LINES or name(path) in LONGER


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
    long = [
        node.name
        for node in functions
        if (node.end_lineno or 0) - node.body[0].lineno + 1 > MOST_BODY and f"{name(path)}:{node.name}" not in LONGER
    ]

    assert long == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_module_opens_with_what_it_is_for(path: Path) -> None:
    text = path.read_text()

    assert not text or ast.get_docstring(ast.parse(text))


def test_every_exemption_is_needed_and_has_a_reason() -> None:
    for place, reason in LONGER.items():
        assert (SOURCE / place.split(":")[0]).exists() and len(reason) > len("because")
