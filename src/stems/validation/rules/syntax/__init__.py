"""Rules of the stage syntax. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.syntax import (
    broken_chezmoi_pattern,
    broken_template,
    crlf_script,
    failed_linter,
    shellcheck_finding,
    unended_crontab,
    unit_without_section,
    unreadable_file,
    unreadable_playbook,
    unreadable_project,
    yamllint_finding,
)

RULES: tuple[Rule, ...] = (
    broken_chezmoi_pattern.RULE,
    broken_template.RULE,
    crlf_script.RULE,
    failed_linter.RULE,
    shellcheck_finding.RULE,
    unended_crontab.RULE,
    unit_without_section.RULE,
    unreadable_file.RULE,
    unreadable_playbook.RULE,
    unreadable_project.RULE,
    yamllint_finding.RULE,
)
