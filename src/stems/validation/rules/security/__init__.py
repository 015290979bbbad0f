"""Rules of the stage security. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.security import (
    connection_elsewhere,
    connection_variable,
    private_key_in_git,
)

RULES: tuple[Rule, ...] = (
    connection_elsewhere.RULE,
    connection_variable.RULE,
    private_key_in_git.RULE,
)
