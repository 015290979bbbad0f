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
    overcommitted_node,
    port_taken_twice,
    unwatched_mount,
)

RULES: tuple[Rule, ...] = (
    device_on_every_node.RULE,
    duplicate_node_address.RULE,
    foreign_platform.RULE,
    misplaced_service.RULE,
    missing_gpu.RULE,
    more_cpus_than_node.RULE,
    overcommitted_node.RULE,
    port_taken_twice.RULE,
    unwatched_mount.RULE,
)
