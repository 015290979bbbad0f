"""Rules of the stage dependencies. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.dependencies import (
    circular_after,
    dropped_variable,
    empty_chezmoi_source,
    empty_dotfiles,
    entangled_tools,
    hosts_without_node,
    late_dependency,
    missing_bind_source,
    missing_env_file,
    missing_playbook_file,
    service_without_tool,
    service_without_unit,
    undeclared_service,
    unknown_node,
    unknown_role,
    unknown_service,
    unknown_tool,
    unmade_external,
    unseen_playbook_part,
    unused_definition,
    variable_of_another_step,
    variable_without_value,
)

RULES: tuple[Rule, ...] = (
    circular_after.RULE,
    dropped_variable.RULE,
    empty_chezmoi_source.RULE,
    empty_dotfiles.RULE,
    entangled_tools.RULE,
    hosts_without_node.RULE,
    late_dependency.RULE,
    missing_bind_source.RULE,
    missing_env_file.RULE,
    missing_playbook_file.RULE,
    service_without_tool.RULE,
    service_without_unit.RULE,
    undeclared_service.RULE,
    unknown_node.RULE,
    unknown_role.RULE,
    unknown_service.RULE,
    unknown_tool.RULE,
    unmade_external.RULE,
    unseen_playbook_part.RULE,
    unused_definition.RULE,
    variable_of_another_step.RULE,
    variable_without_value.RULE,
)
