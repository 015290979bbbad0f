"""Patterns of names as shells have them."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache


@lru_cache(maxsize=256)
def any_of(*patterns: str) -> re.Pattern[str]:
    """What matches what one of the patterns means, and nothing where there is none."""
    return re.compile("|".join(map(translate, patterns)) or r"(?!)")
