"""Every rule. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules import (
    cluster_file,
    dropped_variable,
    duplicate_node_address,
    late_dependency,
    misplaced_service,
    refused_by_tool,
    two_defaults,
    two_owners,
    unknown_role,
    unknown_tool,
    unwritten_reason,
)

RULES: tuple[Rule, ...] = (
    *cluster_file.RULES,
    dropped_variable.RULE,
    duplicate_node_address.RULE,
    late_dependency.RULE,
    misplaced_service.RULE,
    refused_by_tool.RULE,
    two_defaults.RULE,
    two_owners.RULE,
    unknown_role.RULE,
    unknown_tool.RULE,
    unwritten_reason.RULE,
)
