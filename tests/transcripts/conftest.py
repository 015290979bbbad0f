"""`pytest tests/transcripts --accept` writes what is printed now; read the difference before committing it."""

from __future__ import annotations

import pytest

from tests.unit.tools.git.conftest import home

__all__ = ["home"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="Take what is printed now for the transcripts.")
