"""The unit of a new service that systemd runs, from the template."""

from __future__ import annotations

import re
import shlex

from stems.lifecycle.service.edited import edited
from stems.lifecycle.service.wanted import Wanted
from stems.model.service import Data

_STATE = "StateDirectory=new-service\nWorkingDirectory=%S/new-service\n"
_ACCOUNT = "# An account of its own that is there while it runs, and a folder in /var/lib that stays.\n"
_PLAIN = re.compile(r"[A-Za-z0-9_./:=@,+-]+")


def unit_file(text: str, wanted: Wanted) -> str:
    command = " ".join(map(_word, shlex.split(wanted.command)))
    return edited(text, {
        "ExecStart=/usr/bin/python3 -m http.server 8082 --bind 127.0.0.1\n": f"ExecStart={command}\n",
        "MemoryMax=128M\n": f"MemoryMax={wanted.memory.removesuffix('iB')}\n",
        _ACCOUNT: _ACCOUNT if wanted.data == Data.LOCAL.value else "# An account of its own, there while it runs.\n",
        _STATE: _state(wanted),
        # It hides the devices of graphics processors, too.
        "PrivateDevices=yes\n": "" if wanted.gpu else "PrivateDevices=yes\n",
    })  # fmt: skip


def _state(wanted: Wanted) -> str:
    if wanted.data == Data.LOCAL.value:
        return _STATE.replace("new-service", wanted.name)
    if wanted.data == Data.SHARED.value:
        return f"ReadWritePaths={wanted.data_path}\n"
    return ""


def _word(text: str) -> str:
    """As it was typed: systemd has a meaning of its own for `%` and `$`."""
    text = text.replace("%", "%%").replace("$", "$$")
    if _PLAIN.fullmatch(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
