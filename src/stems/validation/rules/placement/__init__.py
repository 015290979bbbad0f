"""Rules of the stage placement. A new one is one file and one line."""

from __future__ import annotations

from stems.validation.rule import Rule
from stems.validation.rules.placement import (
    device_on_every_node,
    duplicate_node_address,
    foreign_platform,
    misplaced_service,
    missing_gpu,
    more_cpus_than_node,
    more_declared_than_found,
    other_architecture_than_found,
    overcommitted_node,
    port_taken_on_node,
    port_taken_twice,
    truth_without_node,
    unwatched_mount,
)

RULES: tuple[Rule, ...] = (
    device_on_every_node.RULE,
    duplicate_node_address.RULE,
    foreign_platform.RULE,
    misplaced_service.RULE,
    missing_gpu.RULE,
    more_cpus_than_node.RULE,
    more_declared_than_found.RULE,
    other_architecture_than_found.RULE,
    overcommitted_node.RULE,
    port_taken_on_node.RULE,
    port_taken_twice.RULE,
    truth_without_node.RULE,
    unwatched_mount.RULE,
)
