"""A node is this machine when its pinned host key is one of this machine's own, and never by its name."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from stems.lifecycle.workspace import is_own_account, is_this_machine, own_host_keys

PINNED = "crtr ssh-ed25519 AAAAcrtr\ndrtr ssh-ed25519 AAAAdrtr\n"


def test_the_node_whose_key_this_machine_has_is_this_machine(tmp_path: Path) -> None:
    (tmp_path / "ssh_host_ed25519_key.pub").write_text("ssh-ed25519 AAAAcrtr root@cooperator\n")
    own = own_host_keys(tmp_path)

    assert is_this_machine("crtr", PINNED, own)
    assert not is_this_machine("drtr", PINNED, own)


def test_without_a_pinned_key_or_own_keys_no_node_is_this_machine(tmp_path: Path) -> None:
    assert own_host_keys(tmp_path) == ()
    assert not is_this_machine("crtr", PINNED, ())
    assert not is_this_machine("crtr", "", (("ssh-ed25519", "AAAAcrtr"),))
    assert not is_this_machine("crtr", "# crtr\ncrtr\n", ((), ("ssh-ed25519",)))


def test_another_account_of_this_machine_is_reached_over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    me = pwd.getpwuid(os.geteuid()).pw_name
    monkeypatch.setenv("LOGNAME", "whoever-called-sudo")

    assert is_own_account("")
    assert is_own_account(me)
    assert not is_own_account(f"not-{me}")
    assert not is_own_account("whoever-called-sudo")
