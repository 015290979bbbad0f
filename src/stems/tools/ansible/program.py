"""The user's own `ansible-playbook`: where it is and which version it has."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.runner import Runner

LEAST = (2, 15)
HOW_TO_GET = "install it with `pip install 'stems-cluster[ansible]'`, or put your own `ansible-playbook` on PATH"

_VERSION = re.compile(r"ansible-playbook \[core (\d+)\.(\d+)(\S*)\]")


def program(name: str = "ansible-playbook") -> str:
    """The program on PATH, else the one that was installed with stems."""
    beside = Path(sys.executable).parent / name
    found = shutil.which(name) or (str(beside) if beside.is_file() else "")
    if not found:
        raise ToolError(f"{name} is not on this machine", remedy=HOW_TO_GET)
    return found


def version_command() -> Command:
    return Command((program(), "--version"), Effect.READS, timeout=60.0)


def parse_version(output: str) -> str:
    """The version of ansible-core. Raises `ToolError` for one that is too old."""
    match = _VERSION.search(output)
    if not match:
        raise ToolError("ansible-playbook: its version cannot be read", said=output, remedy=HOW_TO_GET)
    if (int(match[1]), int(match[2])) < LEAST:
        least = ".".join(map(str, LEAST))
        raise ToolError(
            f"ansible-playbook: ansible-core {match[1]}.{match[2]} is too old, {least} is needed", remedy=HOW_TO_GET
        )
    return f"{match[1]}.{match[2]}{match[3]}"


def version(local: Runner) -> str:
    result = local.run(version_command())
    return parse_version(result.text if result.ok else result.errors)
