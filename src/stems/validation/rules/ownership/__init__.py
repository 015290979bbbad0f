"""Rules of the stage ownership. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.ownership import (
    colliding_dotfiles,
    dotfile_outside_home,
    file_of_two_tools,
    perhaps_two_owners,
    repeated_account,
    sudo_in_dotfiles,
    two_chezmoi_sources,
    two_defaults,
    two_owners,
    unknown_owner,
)

RULES: tuple[Rule, ...] = (
    colliding_dotfiles.RULE,
    dotfile_outside_home.RULE,
    file_of_two_tools.RULE,
    perhaps_two_owners.RULE,
    repeated_account.RULE,
    sudo_in_dotfiles.RULE,
    two_chezmoi_sources.RULE,
    two_defaults.RULE,
    two_owners.RULE,
    unknown_owner.RULE,
)
