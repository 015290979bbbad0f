"""Where stems keeps what can be made again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """That of this user; whoever writes below it makes it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "stems"
