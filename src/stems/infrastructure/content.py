"""One file of a node, read as it is: data with a size cap, never more than that."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from shlex import quote

from stems.errors import ToolError
from stems.infrastructure.before import LOOKING
from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.runner import Runner
from stems.model.names import printable

MOST = 256 * 1024
_SAID = re.compile(r"(file) ([0-7]{1,4}) ([A-Za-z0-9+/=]*)|(link) ([A-Za-z0-9+/=]+)|(absent|large|other)")

_READ = r"""
if [ -L "$path" ]; then
  text=$(readlink "$path" | base64 | tr -d '\n') || fail "$path: cannot be read"
  printf 'link %s\n' "$text"
elif [ -f "$path" ]; then
  size=$(wc -c <"$path") && mode=$(stat -c %a "$path") || fail "$path: cannot be read"
  if [ "$size" -gt "$most" ]; then echo large
  else
    text=$(base64 <"$path") || fail "$path: cannot be read"
    printf 'file %s %s\n' "$mode" "$(printf %s "$text" | tr -d '\n')"
  fi
elif is_absent "$path"; then echo absent
else echo other; fi
echo end
"""


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds, with its octal mode; of a symlink what it points to, without a mode."""

    data: bytes
    mode: str = ""

    @property
    def is_link(self) -> bool:
        return not self.mode


def content_command(path: str, account: str = "") -> Command:
    text = f"path={quote(path)} most={MOST}\n{LOOKING}{_READ}"
    return script(text, Effect.READS, timeout=60.0, account=account)


def parse_content(output: str) -> Content | None:
    """None where it was seen that nothing is there. Raises `ValueError` for what is no file, and for half an answer."""
    lines = output.splitlines()
    found = _SAID.fullmatch(lines[0]) if len(lines) == 2 and lines[1] == "end" else None
    if found is None:
        raise ValueError("the answer is not whole")
    if found[6] == "absent":
        return None
    if found[6]:
        raise ValueError(f"larger than {MOST // 1024} KiB" if found[6] == "large" else "neither a file nor a symlink")
    try:
        data = base64.b64decode(found[3] or found[5] or "", validate=True)
    except binascii.Error:
        raise ValueError("the answer is not whole") from None
    if len(data) > MOST:
        raise ValueError(f"larger than {MOST // 1024} KiB")
    return Content(data.removesuffix(b"\n")) if found[4] else Content(data, found[2].rjust(3, "0"))


def read_content(runner: Runner, path: str, *, account: str = "") -> Content | None:
    """What lies at an absolute path. Raises `ToolError` when it cannot be read, or is not a file."""
    result = runner.run(content_command(path, account))
    try:
        if result.ok:
            return parse_content(result.text)
        problem = "cannot be read"
    except ValueError as error:
        problem = str(error)
    raise ToolError(
        f"{runner.place}: {printable(path)}: {problem}",
        said=printable(result.errors),
        remedy=f"see what it is on {runner.place}",
    )
