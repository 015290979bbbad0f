"""What can cut a node off is told from what cannot."""

from __future__ import annotations

import pytest

from stems.tools.network import changes_access, touches_network


@pytest.mark.parametrize(
    ("resource", "module"),
    [
        ("file:/etc/ssh/sshd_config", "template"),
        ("file:/etc/ssh/sshd_config.d/a.conf", "copy"),
        ("file:/etc/sudoers.d/owner", "copy"),
        ("file:/home/owner/.ssh/authorized_keys", "lineinfile"),
        ("file:/etc/netplan/50.yaml", "template"),
        ("file:/etc/resolv.conf", "copy"),
        ("file:/etc/nftables.conf", "copy"),
        ("unit:ssh.service", "systemd"),
        ("unit:systemd-networkd.service", "systemd"),
        ("package:curl,openssh-server", "apt"),
        ("task:allow", "ufw"),
        ("task:key", "authorized_key"),
    ],
)
def test_network(resource: str, module: str) -> None:
    assert touches_network(resource, module)


@pytest.mark.parametrize("resource", ["file:/", "file:/etc", "file:/etc/systemd", "file:/home/owner", "file:/root"])
def test_what_lies_above_is_network_only_as_a_whole(resource: str) -> None:
    assert touches_network(resource, "copy", whole=True)
    assert not touches_network(resource, "file")
    assert not touches_network("file:/etc/app", "copy", whole=True)


@pytest.mark.parametrize(
    ("module", "arguments", "expected"),
    [
        ("user", {"name": "owner"}, True),
        ("user", {"name": "app", "system": True}, False),
        ("user", {"name": "app", "system": True, "state": "absent"}, True),
        ("user", {"name": "root", "system": True}, True),
        ("group", {"name": "app"}, False),
        ("group", {"name": "sudo"}, True),
        ("group", {"name": "app", "state": "absent"}, True),
    ],
)
def test_accounts(module: str, arguments: dict[str, object], expected: bool) -> None:
    assert changes_access(module, arguments, is_new=False) is expected


def test_a_new_account_locks_nobody_out() -> None:
    assert not changes_access("user", {"name": "guest"}, is_new=True)
    assert changes_access("user", {"name": "root"}, is_new=True)


@pytest.mark.parametrize(
    ("resource", "module"),
    [
        ("file:/etc/hosts", "lineinfile"),
        ("file:/etc/motd", "template"),
        ("file:/etc/sshd", "template"),
        ("unit:docker.service", "systemd"),
        ("package:curl", "apt"),
        ("task:Restart ssh", "command"),
    ],
)
def test_not_network(resource: str, module: str) -> None:
    assert not touches_network(resource, module)
