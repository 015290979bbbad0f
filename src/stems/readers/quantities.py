"""Durations, sizes and shares as people write them: `5s`, `512M`, `10%`."""

from __future__ import annotations

import re

DURATION = r"([0-9]{1,9}(\.[0-9]{1,3})?(ms|s|m|h|d))+"
SIZE = r"[0-9]{1,12}(\.[0-9]{1,3})?(K|M|G|T)(iB)?"
SHARE = r"(100|[0-9]{1,2})%"

_PART = re.compile(r"([0-9.]+)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_POWER = {"K": 1, "M": 2, "G": 3, "T": 4}


def read_duration(text: object) -> float:
    """Seconds. The unit must be written, because a bare number would be a guess."""
    if not isinstance(text, str) or not re.fullmatch(DURATION, text):
        raise ValueError("must be a duration with its unit, for instance `5s`, `2m` or `1h`")
    return sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))


def read_size(text: object) -> int:
    """Bytes. A `K` is 1024, as Docker and systemd count; a bare number counts bytes."""
    if isinstance(text, int) and not isinstance(text, bool) and text >= 0:
        return text
    if not isinstance(text, str) or not re.fullmatch(SIZE, text):
        raise ValueError("must be a size with its unit, for instance `512M`, `16G` or `1T`")
    number = text.removesuffix("iB")
    return int(float(number[:-1]) * 1024 ** _POWER[number[-1]])


def read_share(text: object) -> float:
    """A part of 1."""
    if not isinstance(text, str) or not re.fullmatch(SHARE, text):
        raise ValueError("must be a share, for instance `10%`")
    return int(text[:-1]) / 100
