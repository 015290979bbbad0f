"""Rules of the stage syntax. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.syntax import (
    broken_chezmoi_pattern,
    broken_inventory,
    broken_jinja,
    broken_template,
    unit_without_section,
    unreadable_file,
    unreadable_playbook,
    unreadable_project,
)

RULES: tuple[Rule, ...] = (
    broken_chezmoi_pattern.RULE,
    broken_inventory.RULE,
    broken_jinja.RULE,
    broken_template.RULE,
    unit_without_section.RULE,
    unreadable_file.RULE,
    unreadable_playbook.RULE,
    unreadable_project.RULE,
)
