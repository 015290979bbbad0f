"""Rules of the stage structure. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.structure import (
    clashing_names,
    dangling_link,
    dead_ignore,
    dead_link,
    deployed_page,
    emptied_dotfile,
    ignored_but_tracked,
    large_file,
    left_over_file,
    link_out_of_home,
    lost_submodule,
    missing_readme,
    not_on_whitelist,
    path_of_one_commit,
    settings_elsewhere,
    unread_name,
    unread_whitelist,
    unwritten_reason,
)

RULES: tuple[Rule, ...] = (
    clashing_names.RULE,
    dangling_link.RULE,
    dead_ignore.RULE,
    dead_link.RULE,
    deployed_page.RULE,
    emptied_dotfile.RULE,
    ignored_but_tracked.RULE,
    large_file.RULE,
    left_over_file.RULE,
    link_out_of_home.RULE,
    lost_submodule.RULE,
    missing_readme.RULE,
    not_on_whitelist.RULE,
    path_of_one_commit.RULE,
    settings_elsewhere.RULE,
    unread_name.RULE,
    unread_whitelist.RULE,
    unwritten_reason.RULE,
)
