"""Rules of the stage ownership. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.ownership import (
    colliding_dotfiles,
    perhaps_two_owners,
    repeated_account,
    two_chezmoi_sources,
    two_defaults,
    two_owners,
    unknown_owner,
)

RULES: tuple[Rule, ...] = (
    colliding_dotfiles.RULE,
    perhaps_two_owners.RULE,
    repeated_account.RULE,
    two_chezmoi_sources.RULE,
    two_defaults.RULE,
    two_owners.RULE,
    unknown_owner.RULE,
)
