"""Rules of the stage service. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.service import (
    floating_tag,
    masked_own_unit,
    never_running_unit,
    obsolete_version,
    system_target_of_user,
)

RULES: tuple[Rule, ...] = (
    floating_tag.RULE,
    masked_own_unit.RULE,
    never_running_unit.RULE,
    obsolete_version.RULE,
    system_target_of_user.RULE,
)
