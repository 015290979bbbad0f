"""Names: of this tool, and of a project whose files give it none."""

from __future__ import annotations

import re

NAME = "compose"


def normalised(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "", name.lower()).lstrip("_-")
