"""Rules of the stage syntax. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.syntax import (
    broken_chezmoi_pattern,
    broken_configuration,
    broken_go_template,
    broken_inventory,
    broken_jinja,
    broken_json,
    broken_template,
    broken_toml,
    broken_yaml,
    crlf_script,
    failed_linter,
    merge_conflict,
    repeated_key,
    shellcheck_finding,
    unended_crontab,
    unit_without_section,
    unknown_interpreter,
    unread_shebang,
    unreadable_file,
    unreadable_playbook,
    unreadable_project,
    yamllint_finding,
)

RULES: tuple[Rule, ...] = (
    broken_chezmoi_pattern.RULE,
    broken_configuration.RULE,
    broken_go_template.RULE,
    broken_inventory.RULE,
    broken_jinja.RULE,
    broken_json.RULE,
    broken_template.RULE,
    broken_toml.RULE,
    broken_yaml.RULE,
    crlf_script.RULE,
    failed_linter.RULE,
    merge_conflict.RULE,
    repeated_key.RULE,
    shellcheck_finding.RULE,
    unended_crontab.RULE,
    unit_without_section.RULE,
    unknown_interpreter.RULE,
    unread_shebang.RULE,
    unreadable_file.RULE,
    unreadable_playbook.RULE,
    unreadable_project.RULE,
    yamllint_finding.RULE,
)
