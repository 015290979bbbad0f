"""The user's own `ansible-playbook`: where it is and which version it has."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from stems.errors import ToolError

LEAST = (2, 15)
HOW_TO_GET = "install `ansible-core`, from PyPI or your distribution, so that `ansible-playbook` is on PATH"


def program(name: str = "ansible-playbook") -> str:
    """The program on PATH, else the one that was installed with stems."""
    beside = Path(sys.executable).parent / name
    found = shutil.which(name) or (str(beside) if beside.is_file() else "")
    if not found:
        raise ToolError(f"{name} is not on this machine", remedy=HOW_TO_GET)
    return found


def new_enough(version: str) -> str:
    """The version that a run reports, which saves a process that only asks for it."""
    match = re.match(r"(\d+)\.(\d+)", version)
    if not match or (int(match[1]), int(match[2])) < LEAST:
        least = ".".join(map(str, LEAST))
        raise ToolError(f"ansible-playbook: ansible-core {version} is too old, {least} is needed", remedy=HOW_TO_GET)
    return version
