"""Unquoted words as Compose's YAML parser takes them, where YAML 1.2 differs, and numbers as Compose writes them."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from stems.readers.nodes import YamlNode
from stems.readers.scalars import Scalar
from stems.tools.compose.model.value import Moment

_NUMBER = re.compile(r"[-+]?(0[0-7]+|0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|[1-9][0-9]*|0)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ]+[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\.[0-9]+)?\s*(Z|[-+][0-9:]+)?)?"
)
_LONGEST = 100
_LARGEST = 2**64
_SMALLEST = -(2**63)
_LEAST_POWER = -4
_EXPONENT_FROM = 6


def read_word(node: YamlNode) -> Scalar | Moment:
    """What a scalar of a YAML file is for Compose."""
    value = node.scalar
    if isinstance(value, int) and not isinstance(value, bool):
        return value if _SMALLEST <= value < _LARGEST else float(value)
    if node.is_text or not isinstance(value, str) or len(value) > _LONGEST:
        return value
    bare = value.replace("_", "")
    if not bare[:1].isascii() or value.startswith("_"):
        return value
    if _NUMBER.fullmatch(bare):
        return _whole(bare)
    if _FLOAT.fullmatch(bare):
        return float(bare) if math.isfinite(float(bare)) else value
    return Moment(value) if _MOMENT.fullmatch(value) else value


def _whole(text: str) -> int:
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.removeprefix("+"))
    is_old_octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
    return sign * int(digits, 8 if is_old_octal else 0)


def as_text(value: Scalar) -> str:
    """A scalar in an environment or a label."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return _float_text(value)
    return "" if value is None else str(value)


def _float_text(value: float) -> str:
    """As Go writes it: the fewest digits, and an exponent from a million on."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    shortest = Decimal(repr(value)).normalize()
    digits = "".join(map(str, shortest.as_tuple().digits))
    power = shortest.adjusted()
    if not digits.strip("0"):
        return "-0" if math.copysign(1, value) < 0 else "0"
    if _LEAST_POWER <= power < _EXPONENT_FROM:
        return f"{shortest:f}"
    point = "." if len(digits) > 1 else ""
    return f"{'-' if value < 0 else ''}{digits[0]}{point}{digits[1:]}e{'-' if power < 0 else '+'}{abs(power):02d}"
