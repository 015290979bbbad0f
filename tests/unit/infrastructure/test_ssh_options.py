"""However a node is reached, its host key is checked and nothing of the user's is forwarded."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import ToolError
from stems.infrastructure.refusal import unreachable
from stems.infrastructure.ssh import SshRunner, control_folder, ssh_options
from stems.model.node import Node, SshAddress

ALIAS = Node("crtr", "cooperator", SshAddress("gateway-alias"))
FULL = Node("crtr", "cooperator", SshAddress("crtr.example", "trtr", 2222, "~/.ssh/id_colab"))


def options(node: Node) -> list[str]:
    found = ssh_options(node, known_hosts=Path("/private/known_hosts"), control=Path("/run/stems"))

    assert set(found[::2]) == {"-o"}
    return list(found[1::2])


@pytest.mark.parametrize("node", [ALIAS, FULL], ids=["alias", "full"])
def test_host_keys_are_always_checked_under_the_node_s_name(node: Node) -> None:
    assert {
        "StrictHostKeyChecking=yes",
        "UserKnownHostsFile=/private/known_hosts",
        "GlobalKnownHostsFile=/dev/null",
        "HostKeyAlias=crtr",
        "UpdateHostKeys=no",
    } <= set(options(node))


def test_nothing_is_asked_and_nothing_forwarded() -> None:
    assert {"BatchMode=yes", "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes"} <= set(options(ALIAS))


HOSTILE = """
IgnoreUnknown UseKeychain
Host *
  UseKeychain yes
  RemoteCommand tmux attach
  KnownHostsCommand /usr/bin/printf "%H ssh-ed25519 AAAA"
  VerifyHostKeyDNS yes
  PermitLocalCommand yes
  LocalCommand touch /tmp/ran
  LogLevel QUIET
"""


def effective(node: Node, folder: Path, configured: str) -> list[str]:
    """What OpenSSH makes of our options over the user's own configuration."""
    (folder / "config").write_text(configured)
    words = ssh_options(node, known_hosts=folder / "known hosts", control=folder / "control sockets")
    argv = ("ssh", "-F", str(folder / "config"), *words, "-G", "--", node.ssh.host)
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_configuration_of_the_user_s_widens_no_trust_and_takes_no_command_away(tmp_path: Path) -> None:
    found = effective(ALIAS, tmp_path, HOSTILE)

    assert {"loglevel INFO", "verifyhostkeydns false", "permitlocalcommand no"} <= set(found)
    assert not [line for line in found if line.startswith(("remotecommand tmux", "knownhostscommand /"))]


def test_an_option_that_an_older_openssh_does_not_know_is_no_error(tmp_path: Path) -> None:
    assert "port 23" in effective(ALIAS, tmp_path, "Host *\n  OptionOfTomorrow yes\n  Port 23\n")


def test_a_path_with_a_space_is_one_path(tmp_path: Path) -> None:
    node = replace(ALIAS, ssh=replace(ALIAS.ssh, identity=str(tmp_path / "my key")))
    found = effective(node, tmp_path, "")

    assert f"identityfile {tmp_path}/my key" in found
    assert f"userknownhostsfile {tmp_path}/known hosts" in found
    assert [line for line in found if line.startswith(f"controlpath {tmp_path}/control sockets/")]


def test_an_alias_is_left_to_the_user_s_own_configuration() -> None:
    names = {option.split("=")[0] for option in options(ALIAS)}

    assert not names & {"User", "Port", "IdentityFile", "IdentitiesOnly", "HostName"}


def test_what_the_node_names_is_what_counts() -> None:
    assert options(FULL)[-4:] == [
        f"IdentityFile={Path.home()}/.ssh/id_colab", "IdentitiesOnly=yes", "User=trtr", "Port=2222",
    ]  # fmt: skip


@pytest.fixture
def base(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The runtime folder and the home, with a path shorter than those of pytest."""
    with tempfile.TemporaryDirectory(prefix="stems-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", f"{folder}/run")
        monkeypatch.setenv("HOME", folder)
        yield Path(folder)


def test_control_sockets_lie_in_a_private_folder(base: Path) -> None:
    (base / "run/stems").mkdir(mode=0o755, parents=True)

    assert control_folder() == base / "run/stems"
    assert control_folder().stat().st_mode & 0o777 == 0o700


def test_a_runtime_folder_that_cannot_be_used_is_left_for_the_home(base: Path) -> None:
    (base / "run").touch()

    assert control_folder() == base / ".cache/stems/ssh"
    assert control_folder().stat().st_mode & 0o777 == 0o700


def test_a_runtime_folder_too_long_for_a_socket_is_left_for_the_home(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(base / "long" / ("x" * 80)))

    assert control_folder() == base / ".cache/stems/ssh"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder away")
def test_a_runtime_folder_of_somebody_else_is_left_alone(base: Path) -> None:
    (base / "run/stems").mkdir(mode=0o750, parents=True)
    os.chown(base / "run/stems", 65534, 65534)

    assert control_folder() == base / ".cache/stems/ssh"
    assert (base / "run/stems").stat().st_mode & 0o777 == 0o750


def test_without_any_folder_for_sockets_the_error_names_one(base: Path) -> None:
    (base / "run").touch()
    (base / ".cache").touch()

    with pytest.raises(ToolError) as raised:
        control_folder()

    assert raised.value.problem.startswith(f"{base}/.cache/stems/ssh: ")
    assert "XDG_RUNTIME_DIR" in raised.value.remedy


def test_a_connection_is_not_reused_after_the_pinned_key_or_the_identity_changed(tmp_path: Path) -> None:
    def path(node: Node, pinned: str) -> str:
        (tmp_path / "known_hosts").write_text(pinned)
        found = ssh_options(node, known_hosts=tmp_path / "known_hosts", control=tmp_path)
        return next(option for option in found if option.startswith("ControlPath="))

    first = path(ALIAS, "crtr ssh-ed25519 AAAA\n")
    assert path(ALIAS, "crtr ssh-ed25519 AAAA\ndrtr ssh-ed25519 CCCC\n") == first
    assert path(ALIAS, "crtr ssh-ed25519 BBBB\n") != first
    assert path(FULL, "crtr ssh-ed25519 AAAA\n") != first


def test_a_password_is_kept_out_of_the_representation() -> None:
    runner = SshRunner(FULL, Path("/k"), Path("/c"), password=lambda: "secret")

    assert "password" not in repr(runner)


RECORDED = {
    # OpenSSH_9.2p1 against nodes in the state that the name says.
    "@@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.": (
        "its host key is not the pinned one", "`stems trust crtr`"),
    "No ED25519 host key is known for crtr and you have requested strict checking.\nHost key verification failed.": (
        "its host key is not pinned in config/known_hosts", "`stems trust crtr`"),
    "trtr@crtr.example: Permission denied (publickey).": ("it refuses the SSH key", "authorized_keys of trtr"),
    "Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures": (
        "it refused too many SSH keys", "nodes.crtr.ssh.identity"),
    "ssh: Could not resolve hostname crtr.example: Name or service not known": (
        "its address crtr.example:2222 cannot be resolved", "nodes.crtr.ssh.host"),
    "ssh: connect to host crtr.example port 2222: Connection refused": (
        "nothing listens at crtr.example:2222", "see whether crtr is on; start sshd there"),
    "ssh: connect to host 192.0.2.1 port 22: Connection timed out": (
        "it does not answer at crtr.example:2222", "whether crtr is on"),
    "Connection timed out during banner exchange\r\nConnection to 192.0.2.1 port 22 timed out": (
        "it does not answer at crtr.example:2222", "whether crtr is on"),
    "ssh: connect to host 192.0.2.1 port 22: No route to host": (
        "there is no route to crtr.example:2222", "whether crtr is on"),
    "ssh: connect to host 192.0.2.1 port 22: Network is unreachable": (
        "there is no network to crtr.example:2222", "network of this machine"),
    "client_loop: send disconnect: Broken pipe": ("the connection ended before the command did", "ssh crtr.example"),
    "": ("the connection ended before the command did", "ssh crtr.example"),
}  # fmt: skip


@pytest.mark.parametrize("said", RECORDED)
def test_what_openssh_says_becomes_a_problem_and_a_remedy(said: str) -> None:
    problem, remedy = RECORDED[said]
    error = unreachable(FULL, said)

    assert error.problem == f"crtr: {problem}"
    assert remedy in error.remedy
    assert error.exit_code == 7


def test_what_a_server_says_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in unreachable(FULL, "\x1b]0;owned\x07 banner").said


def test_a_missing_key_is_told_from_a_refused_one() -> None:
    said = "no such identity: /home/me/.ssh/id_colab: No such file or directory\ntrtr@crtr.example: Permission denied"

    assert unreachable(FULL, said).problem == "crtr: the SSH key is not there"
