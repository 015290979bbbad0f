"""Scalars of YAML 1.2's core schema: which unquoted words are not text."""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
# YAML 1.1 reads 0644 as octal and YAML 1.2 as decimal. Both are surprising, so it stays text.
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,99})")
_OCTAL = re.compile(r"0o[0-7]{1,99}")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]{1,99}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,99}|(0|[1-9][0-9]{0,99})(\.[0-9]{0,99})?)([eE][-+]?[0-9]{1,9})?")


def read_scalar(text: str) -> Scalar:
    """What an unquoted scalar means."""
    if text in _WORDS:
        return _WORDS[text]
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text) or _HEXADECIMAL.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return _read_float(text)
    return text


def _read_float(text: str) -> float | str:
    # 1e400 is more likely a name or a digest than infinity.
    number = float(text)
    return number if math.isfinite(number) else text
