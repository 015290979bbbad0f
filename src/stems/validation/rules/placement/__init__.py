"""Rules of the stage placement. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.placement import (
    duplicate_node_address,
    misplaced_service,
)

RULES: tuple[Rule, ...] = (
    duplicate_node_address.RULE,
    misplaced_service.RULE,
)
