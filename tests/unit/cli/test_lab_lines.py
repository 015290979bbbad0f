"""What the commands of a lab say."""

from __future__ import annotations

from stems.cli.commands.lab import healed_lines


def test_only_a_node_whose_containers_are_well_is_called_healthy() -> None:
    assert healed_lines({"crtr": (), "drtr": (), "prtr": ("web-web-1",)}) == [
        "crtr, drtr: healthy",
        "prtr: answers, not healthy: web-web-1",
    ]
