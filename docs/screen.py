"""What is left on a terminal after a program drew on it: just enough of one for progress tables and spinners."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

COLUMNS = 110
_TOKEN = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|([\r\n])|([^\x1b\r\n]+)")


def settled(text: str) -> list[str]:
    """The lines that stay. Knows moving up, erasing a line, carriage return and new line; colours are dropped."""
    lines, row, column = [""], 0, 0
    for number, act, end, shown in _TOKEN.findall(text):
        if act == "A":
            row = max(0, row - int(number or 1))
        elif act == "K":
            lines[row] = lines[row][:column] if number in ("", "0") else ""
        elif end == "\r":
            column = 0
        elif end == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif shown:
            lines[row] = lines[row][:column].ljust(column) + shown + lines[row][column + len(shown) :]
            column += len(shown)
    return [line.rstrip() for line in lines]


def run_at_terminal(
    argv: Sequence[str], *, folder: Path, env: Mapping[str, str], limit: float = 1800.0
) -> tuple[int, list[str]]:
    """Run a program as at a terminal; its exit status and what is left on the screen."""
    ours, theirs = pty.openpty()
    size = {"COLUMNS": str(COLUMNS), "LINES": "50", "TERM": "xterm"}
    process = subprocess.Popen(
        list(argv), cwd=folder, env={**env, **size}, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    end = time.monotonic() + limit
    said = bytearray()
    try:
        while time.monotonic() < end:
            try:
                part = os.read(ours, 65536)
            except OSError:  # how Linux says that nobody holds the other end any more
                break
            if not part:
                break
            said += part
        return process.wait(timeout=max(1.0, end - time.monotonic())), settled(said.decode("utf-8", "replace"))
    finally:
        os.close(ours)
        if process.poll() is None:
            process.kill()
            process.wait()
