"""The folder that a command runs in."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from stems.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def here() -> Path:
    from pathlib import Path  # noqa: PLC0415  # a fifth of what `--help` would spend on starting

    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageError(
            "the current folder is gone", remedy="go to the repository of a cluster, or name it with `-C`"
        ) from None


def go_to(folder: str) -> None:
    """Work in another folder from now on."""
    try:
        os.chdir(folder)
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be entered: {error.strerror}", remedy=f"look at `ls -ld {folder}`"
        ) from None
