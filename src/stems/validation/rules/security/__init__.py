"""Rules of the stage security. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.security import (
    compose_lint_finding,
    connection_elsewhere,
    connection_variable,
    private_key_in_git,
    secret_scanner_finding,
    unignored_env,
)

RULES: tuple[Rule, ...] = (
    compose_lint_finding.RULE,
    connection_elsewhere.RULE,
    connection_variable.RULE,
    private_key_in_git.RULE,
    secret_scanner_finding.RULE,
    unignored_env.RULE,
)
