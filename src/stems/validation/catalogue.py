"""Every rule, by stage. A new one is one file in the folder of its stage, and one line in that folder's list."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules import (
    dependencies,
    ownership,
    placement,
    schema,
    security,
    service,
    simulation,
    structure,
    syntax,
)

RULES: tuple[Rule, ...] = (
    *syntax.RULES,
    *schema.RULES,
    *dependencies.RULES,
    *ownership.RULES,
    *placement.RULES,
    *service.RULES,
    *security.RULES,
    *structure.RULES,
    *simulation.RULES,
)
