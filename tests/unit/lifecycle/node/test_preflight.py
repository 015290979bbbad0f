"""What a machine answers before it becomes a node is understood, and what it does not say is unknown."""

from __future__ import annotations

from stems.infrastructure.command import Result
from stems.infrastructure.probe import Section
from stems.lifecycle.node.known import parse_found
from stems.lifecycle.node.preflight import Verdict, judged, look
from stems.model.node import Node, Privilege, SshAddress
from tests.support.fake import FakeRunner

MACHINE = 'hostname=box\nkernel=6.1\narch=aarch64\nos="Debian GNU/Linux 13"\ncpus=4\nmemory=7800000\n'
GOOD = {
    "machine": Section(0, MACHINE), "sudo": Section(0, ""), "packages": Section(0, "/usr/bin/apt-get"),
    "disk": Section(0, "20480"),
}  # fmt: skip


def node(privilege: Privilege = Privilege.SUDO) -> Node:
    return Node("box", "box", SshAddress("192.0.2.14", "me"), privilege=privilege)


def verdicts(privilege: Privilege = Privilege.SUDO, **sections: Section) -> dict[str, Verdict]:
    return {check.subject: check.verdict for check in judged(node(privilege), {**GOOD, **sections}).checks}


def test_a_machine_that_is_ready_says_what_it_is() -> None:
    found = judged(node(), GOOD)

    assert not found.failed
    assert (found.arch, found.hostname, found.hardware) == ("arm64", "box", {"cpus": 4, "memory": "8G"})


def test_what_is_missing_is_told_with_what_to_do() -> None:
    found = judged(node(), {**GOOD, "sudo": Section(1, ""), "packages": Section(1, ""), "disk": Section(0, "200")})

    assert [check.subject for check in found.failed] == ["sudo", "packages", "disk"]
    assert all(check.remedy for check in found.failed)


def test_a_password_for_sudo_is_not_asked_for() -> None:
    assert verdicts(Privilege.SUDO_PASSWORD, sudo=Section(1, ""))["sudo"] is Verdict.UNKNOWN


def test_what_it_does_not_say_is_unknown() -> None:
    found = judged(node(), {**GOOD, "machine": Section(0, ""), "disk": Section(127, "")})

    assert (found.arch, found.hostname, found.hardware) == ("", "", {})
    assert found.checks[-1].verdict is Verdict.UNKNOWN
    assert not found.failed


def test_a_machine_whose_key_nobody_knows_is_not_asked() -> None:
    local = FakeRunner({
        ("ssh", "-G", "--", "192.0.2.14"): Result(0, b"hostname 192.0.2.14\nport 22\nuserknownhostsfile /k\n"),
        ("ssh-keyscan", "-T", "6", "-p", "22", "--", "192.0.2.14"): Result(0, b"192.0.2.14 ssh-ed25519 AAAA\n"),
        ("ssh-keygen", "-F", "192.0.2.14", "-f", "/k"): Result(1),
    })  # fmt: skip

    found = look(node(), "", local)

    assert [(check.subject, check.verdict) for check in found.checks] == [
        ("network", Verdict.GOOD), ("ssh", Verdict.UNKNOWN),
    ]  # fmt: skip


def test_a_machine_that_shows_another_key_is_not_asked() -> None:
    local = FakeRunner({
        ("ssh", "-G", "--", "192.0.2.14"): Result(0, b"hostname 192.0.2.14\nport 22\n"),
        ("ssh-keyscan", "-T", "6", "-p", "22", "--", "192.0.2.14"): Result(0, b"192.0.2.14 ssh-ed25519 AAAA\n"),
    })  # fmt: skip

    assert [check.subject for check in look(node(), "box ssh-ed25519 BBBB\n", local).failed] == ["ssh"]


def test_only_plain_keys_are_taken_from_known_hosts() -> None:
    text = "# Host h found: line 1\n|1|a=|b= ssh-ed25519 AAAA me@h\n@revoked h ssh-rsa BBBB\nbroken\n"

    assert list(parse_found("box", text)) == ["box ssh-ed25519 AAAA"]


def test_how_to_log_in_has_the_port() -> None:
    local = FakeRunner({
        ("ssh", "-G", "-p", "2222", "--", "192.0.2.14"): Result(0, b"hostname 192.0.2.14\nport 2222\n"),
        ("ssh-keyscan", "-T", "6", "-p", "2222", "--", "192.0.2.14"): Result(0, b"h ssh-ed25519 AAAA\n"),
    })  # fmt: skip

    found = look(Node("box", "box", SshAddress("192.0.2.14", "me", 2222)), "", local)

    assert found.checks[-1].remedy == "log in once: `ssh -p 2222 me@192.0.2.14`"
