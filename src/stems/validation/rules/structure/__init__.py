"""Rules of the stage structure. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.structure import (
    dead_ignore,
    dead_link,
    deployed_page,
    ignored_but_tracked,
    link_out_of_home,
    settings_elsewhere,
    unwritten_reason,
)

RULES: tuple[Rule, ...] = (
    dead_ignore.RULE,
    dead_link.RULE,
    deployed_page.RULE,
    ignored_but_tracked.RULE,
    link_out_of_home.RULE,
    settings_elsewhere.RULE,
    unwritten_reason.RULE,
)
