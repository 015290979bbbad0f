"""A program of this machine that lab nodes get too, because no package of their distribution brings it: chezmoi."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from stems.errors import UsageError

VARIABLE = "STEMS_CHEZMOI"
PLACE = "usr/local/bin/chezmoi"


def find_chezmoi() -> Path | None:
    """The program that `STEMS_CHEZMOI` names, or the one on PATH."""
    named = os.environ.get(VARIABLE)
    if named and not os.access(named, os.X_OK):
        raise UsageError(f"{VARIABLE}: {named} is no program", remedy="name the file of chezmoi, or unset it")
    found = named or shutil.which("chezmoi")
    return Path(found).resolve() if found else None
