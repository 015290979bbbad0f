"""Addresses in the web whose content is another one tomorrow."""

from __future__ import annotations

import re

_MOVING = re.compile(
    r"/(?:latest|master|main|HEAD|nightly|develop|devel|edge|trunk)(?:[/?]|$|\.(?:zip|tar|tgz))|[-_.](?:latest|nightly)[-_.]"
    r"|/refs/heads/"
)
OWN = re.compile(
    r"https?://(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[|\{\{|[\w-]+(?:[:/]|$)"
    r"|[\w.-]+\.(?:local|lan|home|internal)\b)"
)
"""Those of one's own network."""


def moves(address: str) -> bool:
    """Whether it names a branch or a channel instead of a version."""
    return _MOVING.search(address) is not None
