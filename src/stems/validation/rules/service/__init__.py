"""Rules of the stage service. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.service import (
    anonymous_volume,
    broad_capability,
    default_password,
    docker_socket,
    floating_base,
    floating_tag,
    host_namespace,
    host_network,
    masked_own_unit,
    missing_health_check,
    missing_memory_limit,
    missing_restart_policy,
    never_running_unit,
    obsolete_version,
    open_backend,
    open_dashboard,
    ports_of_borrowed_network,
    privileged_container,
    several_processes,
    state_in_container,
    system_target_of_user,
    waiting_for_no_health,
)

RULES: tuple[Rule, ...] = (
    anonymous_volume.RULE,
    broad_capability.RULE,
    default_password.RULE,
    docker_socket.RULE,
    floating_base.RULE,
    floating_tag.RULE,
    host_namespace.RULE,
    host_network.RULE,
    masked_own_unit.RULE,
    missing_health_check.RULE,
    missing_memory_limit.RULE,
    missing_restart_policy.RULE,
    never_running_unit.RULE,
    obsolete_version.RULE,
    open_backend.RULE,
    open_dashboard.RULE,
    ports_of_borrowed_network.RULE,
    privileged_container.RULE,
    several_processes.RULE,
    state_in_container.RULE,
    system_target_of_user.RULE,
    waiting_for_no_health.RULE,
)
