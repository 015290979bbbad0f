"""Rules of the stage structure. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.structure import (
    dead_ignore,
    deployed_page,
    link_out_of_home,
    settings_elsewhere,
    unwritten_reason,
)

RULES: tuple[Rule, ...] = (
    dead_ignore.RULE,
    deployed_page.RULE,
    link_out_of_home.RULE,
    settings_elsewhere.RULE,
    unwritten_reason.RULE,
)
