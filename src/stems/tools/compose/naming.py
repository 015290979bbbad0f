"""Names: of this tool, and of a project whose files give it none."""

from __future__ import annotations

import re

NAME = "compose"


def name_by_folder(folder: str) -> str:
    """Compose's own rule where the files of a project give it no name: that of their folder, wherever it lies."""
    return normalised(folder.rstrip("/").rpartition("/")[2])


def normalised(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "", name.lower()).lstrip("_-")
