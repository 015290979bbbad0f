"""An approval counts when somebody on the list signed exactly this plan, for this purpose."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stems.errors import ApprovalError
from stems.infrastructure.local import LocalRunner
from stems.model.approval import Approval
from stems.model.cluster import Approver
from stems.tools.git.signing import allowed_signers, parse_agent, sign, verify

LOCAL = LocalRunner()
DIGEST = "a" * 64


def make_key(path: Path, passphrase: str = "") -> str:
    path.parent.mkdir(exist_ok=True)
    subprocess.run(
        ("ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-C", "a comment", "-f", str(path)), check=True
    )
    return path.with_name(f"{path.name}.pub").read_text().strip()


@pytest.fixture
def private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def key(tmp_path: Path) -> Path:
    make_key(tmp_path / "key")
    return tmp_path / "key"


@pytest.fixture
def approvers(key: Path, tmp_path: Path) -> tuple[Approver, ...]:
    other = make_key(tmp_path / "other")
    return Approver("grace", other), Approver("ada", key.with_suffix(".pub").read_text().strip())


def approved(private: Path, key: Path, approvers: tuple[Approver, ...]) -> Approval:
    signed = sign(LOCAL, DIGEST, approvers, key=key, private=private)
    return Approval(DIGEST, signed.approver, datetime.now(UTC), signed.signature)


def test_a_signature_of_an_approver_counts(private: Path, key: Path, approvers: tuple[Approver, ...]) -> None:
    approval = approved(private, key, approvers)

    verify(LOCAL, approval, approvers, private=private)

    assert approval.who == "ada"
    assert list(private.iterdir()) == []
    assert not list(key.parent.glob("*.sig"))


def test_what_was_altered_or_is_not_listed_does_not_count(
    private: Path, key: Path, approvers: tuple[Approver, ...]
) -> None:
    approval = approved(private, key, approvers)
    lines = approval.signature.splitlines()
    lines[2] = lines[2][::-1]

    wrong = (
        (replace(approval, plan="b" * 64), approvers),
        (replace(approval, who="grace"), approvers),
        (replace(approval, who="mallory"), approvers),
        (replace(approval, signature=""), approvers),
        (replace(approval, signature="\n".join(lines)), approvers),
        (replace(approval, signature="garbage"), approvers),
        (approval, approvers[:1]),
        (approval, (Approver("ada", approvers[0].key),)),
    )

    for one, listed in wrong:
        with pytest.raises(ApprovalError):
            verify(LOCAL, one, listed, private=private)


@pytest.mark.parametrize("namespace", ["git", "file", "stems-plan-2"])
def test_a_signature_for_another_purpose_does_not_count(
    private: Path, key: Path, approvers: tuple[Approver, ...], namespace: str
) -> None:
    argv = ("ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(key))
    made = subprocess.run(argv, input=DIGEST.encode(), capture_output=True, check=True).stdout.decode()

    with pytest.raises(ApprovalError):
        verify(LOCAL, Approval(DIGEST, "ada", datetime.now(UTC), made), approvers, private=private)


def test_a_key_that_is_not_listed_cannot_sign(private: Path, tmp_path: Path, approvers: tuple[Approver, ...]) -> None:
    make_key(tmp_path / "stranger")

    with pytest.raises(ApprovalError, match="not the key of an approver"):
        sign(LOCAL, DIGEST, approvers, key=tmp_path / "stranger", private=private)
    with pytest.raises(ApprovalError, match="public key cannot be read"):
        sign(LOCAL, DIGEST, approvers, key=tmp_path / "missing", private=private)


def test_a_private_key_beside_a_foreign_public_key_is_refused_now(
    private: Path, key: Path, approvers: tuple[Approver, ...]
) -> None:
    key.with_name("other").replace(key)

    with pytest.raises(ApprovalError):
        sign(LOCAL, DIGEST, approvers, key=key, private=private)


def test_a_key_in_the_home_is_found(home: Path, private: Path) -> None:
    make_key(home / ".ssh/id_other")
    listed = (Approver("ada", make_key(home / ".ssh/id_ed25519")),)

    signed = sign(LOCAL, DIGEST, listed, key=None, private=private)

    assert signed.approver == "ada"


def test_without_a_key_the_person_is_told_how_to_go_on(private: Path, approvers: tuple[Approver, ...]) -> None:
    with pytest.raises(ApprovalError, match="no key of grace, ada") as refused:
        sign(LOCAL, DIGEST, approvers, key=None, private=private)
    assert "ssh-add" in refused.value.remedy


def test_a_key_with_a_passphrase_never_waits_for_a_prompt(private: Path, tmp_path: Path) -> None:
    public = make_key(tmp_path / "locked", "secret words")

    with pytest.raises(ApprovalError, match="cannot sign") as refused:
        sign(LOCAL, DIGEST, (Approver("ada", public),), key=tmp_path / "locked", private=private)
    assert "ssh-add" in refused.value.remedy


@pytest.fixture
def agent(private: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    socket = tmp_path / "agent"
    said = subprocess.run(("ssh-agent", "-s", "-a", str(socket)), capture_output=True, text=True, check=True).stdout
    pid = int(said.split("SSH_AGENT_PID=")[1].split(";")[0])
    monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
    try:
        yield socket
    finally:
        os.kill(pid, signal.SIGTERM)


def test_a_key_that_only_the_agent_holds_signs(
    agent: Path, private: Path, key: Path, approvers: tuple[Approver, ...]
) -> None:
    subprocess.run(("ssh-add", "-q", str(key)), check=True, capture_output=True)
    key.unlink()

    signed = sign(LOCAL, DIGEST, approvers, key=None, private=private)

    verify(LOCAL, Approval(DIGEST, "ada", datetime.now(UTC), signed.signature), approvers, private=private)


@pytest.mark.parametrize("name", ["", "a b", 'a"b', "*", "a,b", "a\nb", "!ada", "#ada"])
def test_a_name_that_would_mean_something_to_ssh_is_refused(name: str) -> None:
    with pytest.raises(ApprovalError):
        allowed_signers([Approver(name, "ssh-ed25519 AAAA")])


@pytest.mark.parametrize("key", ["", "ssh-ed25519", "ssh-ed25519 AAAA\nmallory ssh-ed25519 BBBB"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ApprovalError):
        allowed_signers([Approver("ada", key)])


def test_an_agent_without_keys_lists_none() -> None:
    assert parse_agent("The agent has no identities.\n") == []
    assert parse_agent("ssh-ed25519 AAAA my key\nsk-ssh-ed25519@openssh.com BBBB\n") == [
        "ssh-ed25519 AAAA",
        "sk-ssh-ed25519@openssh.com BBBB",
    ]
