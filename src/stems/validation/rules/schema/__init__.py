"""Rules of the stage schema. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.schema import (
    ansible_lint_finding,
    conflicting_gates,
    exception_without_reason,
    malformed_project,
    misnamed_chezmoi_script,
    missing_key,
    odd_unit_file,
    playbook_without_ansible,
    project_without_compose,
    refused_by_tool,
    refused_chezmoi_special,
    repeated_approver,
    reserved_chezmoi_data,
    reserved_node_name,
    reserved_variable,
    short_deadline,
    unit_without_systemd,
    unknown_key,
    unusable_chezmoi_name,
    unusable_dotfile_name,
    wrong_dotfile_option,
    wrong_value,
)

RULES: tuple[Rule, ...] = (
    ansible_lint_finding.RULE,
    conflicting_gates.RULE,
    exception_without_reason.RULE,
    malformed_project.RULE,
    misnamed_chezmoi_script.RULE,
    missing_key.RULE,
    odd_unit_file.RULE,
    playbook_without_ansible.RULE,
    project_without_compose.RULE,
    refused_by_tool.RULE,
    refused_chezmoi_special.RULE,
    repeated_approver.RULE,
    reserved_chezmoi_data.RULE,
    reserved_node_name.RULE,
    reserved_variable.RULE,
    short_deadline.RULE,
    unit_without_systemd.RULE,
    unknown_key.RULE,
    unusable_chezmoi_name.RULE,
    unusable_dotfile_name.RULE,
    wrong_dotfile_option.RULE,
    wrong_value.RULE,
)
