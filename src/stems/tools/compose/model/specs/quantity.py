"""Sizes and durations as Compose writes them: `1.5g`, `1m30s`."""

from __future__ import annotations

import re

_SIZE = re.compile(r"(?P<number>\d{1,30}(?:\.\d{1,30})?|\.\d{1,30}) ?(?P<unit>[kmgtp])?i?b?", re.IGNORECASE)
_POWERS = "kmgtp"
_PART = r"(\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(ns|us|µs|μs|ms|s|m|h|d|w)"
_DURATION = re.compile(rf"(?P<sign>[-+]?)(?:(?P<parts>(?:{_PART})+)|0)")
_SECONDS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0,
    "w": 604800.0,
}  # fmt: skip

_LONGEST = 100


def read_size(text: str) -> int:
    """Bytes. Raises `ValueError` for what is no size."""
    found = _SIZE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ValueError(f"`{text[:_LONGEST]}` is no size such as `512m` or `1.5g`")
    power = _POWERS.index(found["unit"].lower()) + 1 if found["unit"] else 0
    return int(float(found["number"]) * 1024**power)


def read_duration(text: str) -> float:
    """Seconds. Raises `ValueError` for what is no duration."""
    found = _DURATION.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ValueError(f"`{text[:_LONGEST]}` is no duration such as `30s` or `1m30s`")
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in re.findall(_PART, found["parts"] or ""))
    return -seconds if found["sign"] == "-" else seconds
