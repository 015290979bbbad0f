"""What a lab node with Docker 20.10.24 and Compose 2.40.3 said of a project and two containers, started by hand."""

from __future__ import annotations

from pathlib import Path

from stems.tools.compose.existing.found import Found, parse_found

FOLDER = Path(__file__).parent / "recordings" / "20.10.24"


def recording(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text()


def recorded(name: str) -> Found:
    return parse_found(recording(name))
