"""Every rule. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules import (
    cluster_file,
    dropped_variable,
    duplicate_node_address,
    entangled_tools,
    late_dependency,
    misplaced_service,
    perhaps_two_owners,
    refused_by_tool,
    two_defaults,
    two_owners,
    unknown_owner,
    unknown_role,
    unknown_tool,
    unwritten_reason,
)

RULES: tuple[Rule, ...] = (
    *cluster_file.RULES,
    dropped_variable.RULE,
    duplicate_node_address.RULE,
    entangled_tools.RULE,
    late_dependency.RULE,
    misplaced_service.RULE,
    perhaps_two_owners.RULE,
    refused_by_tool.RULE,
    two_defaults.RULE,
    two_owners.RULE,
    unknown_owner.RULE,
    unknown_role.RULE,
    unknown_tool.RULE,
    unwritten_reason.RULE,
)
