"""The session in README.md is what the commands print."""

from __future__ import annotations

from pathlib import Path

from docs.session import normalised, play, shown_in_readme
from stems.infrastructure.lab.state import Lab


def test_the_session_in_the_readme_is_what_the_commands_print(lab: Lab, tmp_path: Path) -> None:
    """A person who types what the README shows sees what the README shows."""
    played = play(lab, tmp_path)

    assert normalised(played) == normalised(shown_in_readme()), "run `.venv/bin/python -m docs.session`"
