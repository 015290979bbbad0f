"""What goes wrong on the way to a node is an error that says so, never a result; what sudo refuses says so too."""

from __future__ import annotations

import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from stems.errors import DeadlineError, NodeUnreachableError, ToolError, UnknownError
from stems.infrastructure.command import Command, Effect, script
from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.ssh import SshRunner
from stems.model.node import Node, Privilege, SshAddress
from tests.support.lab import ask

LOCAL = LocalRunner()
TRUE = Command(("true",), Effect.READS)
WHO = Command(("id", "-u"), Effect.READS, account="root")
# The shell that runs the script, the one around it, and then the sshd that serves this connection.
CUT = 'kill -9 "$(ps -o ppid= -p "$PPID" | tr -d " ")"; sleep 30'
ASKER, PASSWORD = "asker", "it's a 'secret'"
ADD_ASKER = f"""
set -e
for name in {ASKER} nobodys; do
  id "$name" >/dev/null 2>&1 || sudo useradd -m -s /bin/bash "$name"
  sudo install -d -m 700 -o "$name" "/home/$name/.ssh"
  sudo install -m 600 -o "$name" ~/.ssh/authorized_keys "/home/$name/.ssh/authorized_keys"
done
printf '%s\\n' "{ASKER}:{PASSWORD}" | sudo chpasswd
printf '%s\\n' '{ASKER} ALL=(ALL:ALL) ALL' | sudo tee /etc/sudoers.d/{ASKER} >/dev/null
"""
REMOVE_ASKER = f"sudo rm -f /etc/sudoers.d/{ASKER}; sudo userdel -rf {ASKER}; sudo userdel -rf nobodys; exit 0"


@pytest.fixture
def ssh(lab: Lab) -> Iterator[SshRunner]:
    """A runner with control sockets of its own, so that every test begins without a connection."""
    there = lab.node("prtr")
    address = SshAddress(there.host, there.user, there.port, str(lab.identity))
    with tempfile.TemporaryDirectory(prefix="stems-") as folder:
        runner = SshRunner(Node("prtr", there.hostname, address), lab.known_hosts, Path(folder))
        yield runner
        for master in Path(folder).iterdir():
            subprocess.run(("ssh", "-S", str(master), "-O", "exit", "x"), capture_output=True, check=False)


def at(runner: SshRunner, **changes: object) -> SshRunner:
    """The same runner for another address of the node."""
    return replace(runner, node=replace(runner.node, ssh=replace(runner.node.ssh, **changes)))  # type: ignore[arg-type]


def refused(runner: SshRunner, command: Command = TRUE) -> NodeUnreachableError:
    with pytest.raises(NodeUnreachableError) as raised:
        runner.run(command)
    return raised.value


@pytest.mark.parametrize("effect", [Effect.READS, Effect.WRITES])
def test_a_connection_lost_half_way_is_no_result(ssh: SshRunner, effect: Effect) -> None:
    assert ssh.run(TRUE).ok

    error = refused(ssh, script(CUT, effect, timeout=20))

    assert "the connection ended before the command did" in error.problem
    assert ssh.run(TRUE).ok


def test_a_node_that_loses_its_power_meanwhile_is_unreachable(lab: Lab, ssh: SshRunner) -> None:
    assert ssh.run(TRUE).ok
    loses_power = threading.Timer(1, break_node, (lab, lab.node("prtr"), "kill", LOCAL))
    loses_power.start()
    try:
        with pytest.raises(UnknownError):
            ssh.run(Command(("sleep", "60"), Effect.WRITES, timeout=30))
    finally:
        loses_power.join()
        heal(lab, LOCAL, nodes=[lab.node("prtr")])

    assert ssh.run(TRUE).ok


def test_a_dead_master_is_replaced_without_a_word(ssh: SshRunner) -> None:
    assert ssh.run(TRUE).ok
    (master,) = ssh.control.iterdir()
    checked = subprocess.run(("ssh", "-S", str(master), "-O", "check", "x"), capture_output=True, text=True, check=True)
    pid = checked.stderr.split("pid=")[1].rstrip(")\r\n")
    subprocess.run(("kill", "-9", pid), check=True)

    assert ssh.run(TRUE).ok


def test_a_deadline_leaves_what_others_run_over_the_same_connection(ssh: SshRunner) -> None:
    assert ssh.run(TRUE).ok
    (master,) = ssh.control.iterdir()
    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(ssh.run, Command(("sleep", "6"), Effect.WRITES))
        with pytest.raises(DeadlineError):
            ssh.run(Command(("sleep", "60"), Effect.READS, timeout=1))
        assert not master.exists() and not long.done()

        assert long.result().ok


def test_a_node_that_hangs_is_unreachable(lab: Lab, ssh: SshRunner) -> None:
    break_node(lab, lab.node("prtr"), "pause", LOCAL)
    try:
        error = refused(ssh)
    finally:
        heal(lab, LOCAL, nodes=[lab.node("prtr")])

    assert "does not answer" in error.problem and "see whether prtr is on" in error.remedy


def test_a_node_that_begins_to_hang_is_unknown(lab: Lab, ssh: SshRunner) -> None:
    assert ssh.run(TRUE).ok
    break_node(lab, lab.node("prtr"), "pause", LOCAL)
    try:
        with pytest.raises(UnknownError, match="prtr"):
            ssh.run(replace(TRUE, timeout=3))
    finally:
        heal(lab, LOCAL, nodes=[lab.node("prtr")])

    assert ssh.run(TRUE).ok


def test_another_host_key_is_refused(lab: Lab, ssh: SshRunner, tmp_path: Path) -> None:
    pinned = tmp_path / "known_hosts"
    others = [line.split(" ", 1)[1] for line in lab.known_hosts.read_text().splitlines() if line.startswith("crtr ")]
    pinned.write_text("".join(f"prtr {key}\n" for key in others))

    error = refused(replace(ssh, known_hosts=pinned))

    assert error.problem == "prtr: its host key is not the pinned one"
    assert "stems trust prtr" in error.remedy


def test_an_unpinned_host_key_is_refused(ssh: SshRunner, tmp_path: Path) -> None:
    error = refused(replace(ssh, known_hosts=tmp_path / "none"))

    assert error.problem == "prtr: its host key is not pinned in config/known_hosts"


def test_a_refused_port_says_so(ssh: SshRunner) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

        error = refused(at(ssh, port=port))

    assert error.problem == f"prtr: nothing listens at 127.0.0.1:{port}"


def test_a_key_that_the_node_does_not_know_says_so(ssh: SshRunner, tmp_path: Path) -> None:
    key = tmp_path / "other"
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)), check=True)

    assert refused(at(ssh, identity=str(key))).problem == "prtr: it refuses the SSH key"


def test_an_address_without_a_meaning_says_so(ssh: SshRunner) -> None:
    assert refused(at(ssh, host="no-such-node.invalid")).problem.endswith("cannot be resolved")


def test_a_server_that_is_not_sshd_is_unreachable(ssh: SshRunner) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        answered = threading.Thread(target=_say, args=(server, b"HTTP/1.0 400 no\r\n\r\n"))
        answered.start()

        refused(at(ssh, port=server.getsockname()[1]))
        answered.join(10)


def _say(server: socket.socket, text: bytes) -> None:
    stream, _ = server.accept()
    with stream:
        stream.sendall(text)


@pytest.fixture(scope="module")
def asker(lab: Lab) -> Iterator[None]:
    """A second user on the node whose sudo wants a password, and a third who may not use it at all."""
    added = ask(lab, "prtr", ADD_ASKER)
    assert added.ok, added.errors
    yield
    ask(lab, "prtr", REMOVE_ASKER)


def as_asker(runner: SshRunner, privilege: Privilege, password: Callable[[], str] | None = None) -> SshRunner:
    other = at(runner, user=ASKER)
    return replace(other, node=replace(other.node, privilege=privilege), password=password)


@pytest.mark.usefixtures("asker")
class TestSudo:
    def test_a_password_that_nobody_announced_stops(self, ssh: SshRunner) -> None:
        with pytest.raises(ToolError, match="prtr: sudo wants a password") as raised:
            as_asker(ssh, Privilege.SUDO).run(WHO)

        assert "sudo-password" in raised.value.remedy

    def test_the_password_is_asked_for_and_given(self, ssh: SshRunner) -> None:
        runner = as_asker(ssh, Privilege.SUDO_PASSWORD, lambda: PASSWORD)

        assert runner.run(WHO).text == "0\n"

    def test_input_reaches_the_command_after_the_password(self, ssh: SshRunner) -> None:
        runner = as_asker(ssh, Privilege.SUDO_PASSWORD, lambda: PASSWORD)
        content = b"first\n" * 100_000

        assert runner.run(replace(WHO, argv=("cat",), stdin=content)).stdout == content

    def test_the_password_shows_in_no_process_on_the_way(self, ssh: SshRunner) -> None:
        runner = as_asker(ssh, Privilege.SUDO_PASSWORD, lambda: PASSWORD)

        assert b"secret" not in runner.run(replace(WHO, argv=("cat", "/proc/self/environ"))).stdout
        assert b"secret" not in runner.run(replace(WHO, argv=("ps", "axww", "-o", "args"))).stdout

    def test_a_wrong_password_stops_and_nothing_runs(self, ssh: SshRunner) -> None:
        runner = as_asker(ssh, Privilege.SUDO_PASSWORD, lambda: "wrong")
        with pytest.raises(ToolError, match="password"):
            runner.run(replace(WHO, argv=("touch", "/tmp/stems-ran")))

        assert not ssh.run(Command(("test", "-e", "/tmp/stems-ran"), Effect.READS)).ok

    def test_without_anybody_to_ask_it_is_unknown(self, ssh: SshRunner) -> None:
        with pytest.raises(UnknownError, match="sudo needs a password and nobody is there"):
            as_asker(ssh, Privilege.SUDO_PASSWORD).run(WHO)

    def test_a_command_that_needs_no_root_asks_nobody(self, ssh: SshRunner) -> None:
        assert as_asker(ssh, Privilege.SUDO_PASSWORD).run(TRUE).ok

    def test_a_user_who_may_not_use_sudo_is_told(self, ssh: SshRunner) -> None:
        with pytest.raises(ToolError):
            at(ssh, user="nobodys").run(WHO)

    def test_a_node_that_gives_no_privilege_is_not_asked_for_it(self, ssh: SshRunner) -> None:
        with pytest.raises(ToolError, match="privilege: none"):
            as_asker(ssh, Privilege.NONE).run(WHO)
