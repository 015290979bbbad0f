"""What can cut a node off is what its supervisor keeps."""

from __future__ import annotations

import pytest

from stems.infrastructure.supervisor import UNITS, WAYS, arm_command, tops_of
from stems.tools.network import is_way, is_way_unit

HOME = "/home/owner"


@pytest.mark.parametrize("path", WAYS)
def test_every_way_that_is_kept_makes_a_change_one_of_class_network(path: str) -> None:
    assert is_way(path) or is_way(f"{path}/x")


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_that_is_watched_makes_a_change_one_of_class_network(unit: str) -> None:
    assert is_way_unit(unit)
    assert is_way(f"/etc/systemd/system/{unit}.d/override.conf")


@pytest.mark.parametrize(
    "path", ["/etc/systemd/system/wg-quick@wg0.service.d/x.conf", "/home/other/.ssh/authorized_keys", "/etc/x"]
)
def test_whatever_a_change_names_is_kept(path: str) -> None:
    assert path in tops_of(HOME, [path])


@pytest.mark.parametrize("path", ["/etc/ssh/sshd_config.d/a.conf", f"{HOME}/.ssh/authorized_keys", "/etc/ufw"])
def test_what_is_kept_anyway_is_not_kept_twice(path: str) -> None:
    assert tops_of(HOME, [path]) == tops_of(HOME)


def test_a_unit_that_is_no_unit_reaches_no_shell() -> None:
    command = arm_command("20260101T000000Z-aaaaaa.bbbbbb", HOME, units=["wg-quick@wg0.service", "x; shutdown"])

    assert b"wg-quick@wg0.service" in command.stdin
    assert b"shutdown" not in command.stdin
