"""Rules of the stage simulation. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.simulation import (
    acting_elsewhere,
    acting_in_preview,
)

RULES: tuple[Rule, ...] = (
    acting_elsewhere.RULE,
    acting_in_preview.RULE,
)
