"""The supervisor on a real node: confirmed it lets go, in silence it puts the way in back, over a reboot too."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from stems.errors import StemsError
from stems.infrastructure import supervisor
from stems.infrastructure.command import Command, Effect, Result, script
from stems.infrastructure.lab.faults import break_node, heal
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.local import LocalRunner
from stems.infrastructure.ssh import SshRunner, control_folder
from stems.model.node import Node, SshAddress

NAME = "20260101T000000Z-abcdef.012345"
OTHER = "20260101T000000Z-abcdef.543210"
LOOK = r"""
sudo sh -c '
  find /etc/ssh /etc/sudoers.d /home/owner/.ssh -exec stat -c "%a %u %n" {} + | sort
  stat -c "%a %u" /home/owner; cat /etc/passwd; iptables -S INPUT; ip -o addr show dev eth0; ip route
' | grep -v valid_lft
"""


@dataclass
class Guarded:
    """A node of the lab with a supervisor on it."""

    lab: Lab
    fresh: SshRunner

    def do(self, command: Command) -> Result:
        result = self.fresh.run(command)
        assert result.ok, result.errors
        return result

    def ask(self, text: str) -> str:
        return self.do(script(text, Effect.WRITES, timeout=60)).text

    def inside(self, *words: str) -> str:
        """Past SSH, as at the console."""
        container = self.lab.container(self.lab.node("prtr"))
        result = LocalRunner().run(Command(("docker", "exec", container, *words), Effect.WRITES, timeout=60))
        assert result.ok, result.errors
        return result.text

    def outcome(self) -> str:
        """Wait until the node has an answer again; a reboot or a cut makes it silent meanwhile."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            try:
                if told := self.fresh.run(supervisor.outcome_command(NAME)).text:
                    return told
            except StemsError:
                pass
            time.sleep(0.5)
        raise AssertionError("no outcome of the supervisor")


@pytest.fixture
def node(lab: Lab) -> Iterator[Guarded]:
    found = lab.node("prtr")
    declared = Node("prtr", found.hostname, SshAddress(found.host, found.user, found.port, str(lab.identity)))
    made = Guarded(lab, SshRunner(declared, lab.known_hosts, control_folder()).fresh())
    yield made
    made.do(supervisor.forget_command(NAME))
    made.ask("sudo rm -f /etc/ssh/sshd_config.d/stems-* /etc/sudoers.d/zz-stems-*; sudo systemctl restart ssh")


def test_confirmed_it_lets_go(node: Guarded) -> None:
    node.do(supervisor.arm_command(NAME, "/home/owner"))
    assert node.ask(f"systemctl is-active stems-supervisor-{NAME}") == "active\n"
    node.do(supervisor.alive_command(NAME))
    node.ask("sudo touch /etc/ssh/sshd_config.d/stems-new.conf")

    assert node.do(supervisor.confirm_command(NAME)).text == "confirmed\n"
    assert node.ask("ls /etc/ssh/sshd_config.d/stems-new.conf") != ""
    assert (
        node.ask(
            f"sudo sh -c 'ls -d /etc/systemd/system/stems-supervisor* {supervisor.folder_of(NAME)}' 2>/dev/null || :"
        )
        == ""
    )


def test_in_silence_everything_comes_back(node: Guarded) -> None:
    """Files that are new, changed, gone; the keys of the user; rules and addresses; a unit that was stopped."""
    node.ask("echo '# mine' | sudo tee /etc/ssh/sshd_config.d/stems-mine.conf")
    before = node.ask(LOOK)
    node.do(supervisor.arm_command(NAME, "/home/owner"))
    node.inside(
        "sh",
        "-c",
        """
        echo 'DenyUsers *' >/etc/ssh/sshd_config.d/stems-new.conf; rm /etc/ssh/sshd_config.d/stems-mine.conf
        echo 'owner ALL=(ALL:ALL) !ALL' >/etc/sudoers.d/zz-stems-wrong; chmod 440 /etc/sudoers.d/zz-stems-wrong
        : >/home/owner/.ssh/authorized_keys; chmod 777 /home/owner/.ssh /home/owner
        sed -i 's,^owner:.*,owner:x:1000:1000::/home/owner:/bin/false,' /etc/passwd
        iptables -I INPUT -p tcp --dport 22 -j DROP
        ip addr flush dev eth0; ip addr add 203.0.113.9/24 dev eth0
        systemctl mask --now ssh
    """,
    )

    assert node.outcome() == "taken back\n"
    assert node.ask(LOOK) == before
    assert node.ask(
        "systemctl is-active ssh; systemctl is-enabled ssh; cat /etc/ssh/sshd_config.d/stems-mine.conf"
    ) == ("active\nenabled\n# mine\n")
    assert node.do(supervisor.confirm_command(NAME)).text == "late\n"


def test_what_an_approved_change_names_comes_back_too(node: Guarded) -> None:
    """The drop-in of a unit that starts sshd otherwise, and the unit of a tunnel that nobody would have looked for."""
    tunnel = "/etc/systemd/system/openvpn-client@home.service"
    node.do(supervisor.arm_command(NAME, "/home/owner", paths=[tunnel], units=["openvpn-client@home.service"]))
    node.inside(
        "sh",
        "-c",
        f"""
        mkdir /etc/systemd/system/ssh.service.d
        printf '[Service]\nExecStart=\nExecStart=/bin/sleep 1000\n' >/etc/systemd/system/ssh.service.d/override.conf
        printf '[Service]\nExecStart=/bin/sleep 1000\n' >{tunnel}
        systemctl daemon-reload; systemctl start openvpn-client@home; systemctl restart --no-block ssh
    """,
    )

    assert node.outcome() == "taken back\n"
    assert node.ask(f"ls /etc/systemd/system/ssh.service.d {tunnel} 2>/dev/null || :") == ""
    assert node.ask("systemctl is-active ssh openvpn-client@home || :") == "active\ninactive\n"


def test_while_the_controller_is_there_it_waits(node: Guarded) -> None:
    node.do(supervisor.arm_command(NAME, "/home/owner"))
    end = time.monotonic() + supervisor.SILENCE + 5
    while time.monotonic() < end:
        node.do(supervisor.alive_command(NAME))
        time.sleep(1)
    assert node.do(supervisor.confirm_command(NAME)).text == "confirmed\n"


def test_a_reboot_does_not_end_it(node: Guarded) -> None:
    node.do(supervisor.arm_command(NAME, "/home/owner"))
    node.inside("sh", "-c", "echo 'DenyUsers *' >/etc/ssh/sshd_config.d/stems-new.conf")
    lab_node = node.lab.node("prtr")
    break_node(node.lab, lab_node, "kill", LocalRunner())
    LocalRunner().run(Command(("docker", "start", node.lab.container(lab_node)), Effect.WRITES, timeout=60))
    try:
        assert node.outcome() == "taken back\n"
    finally:
        heal(node.lab, LocalRunner(), nodes=[lab_node])


def test_a_reboot_while_it_puts_back_does_not_end_it(node: Guarded) -> None:
    """Claimed and not confirmed is what such a reboot leaves."""
    node.do(supervisor.arm_command(NAME, "/home/owner"))
    node.inside("sh", "-c", f"echo x >/etc/ssh/sshd_config.d/stems-new.conf; mkdir {supervisor.folder_of(NAME)}/claim")

    assert node.outcome() == "taken back\n"
    assert node.ask("ls /etc/ssh/sshd_config.d/stems-new.conf 2>/dev/null || :") == ""


def test_one_of_a_controller_that_died_is_let_go_by_the_next(node: Guarded) -> None:
    """It must not put anything back while the next one remembers what is there."""
    node.do(supervisor.arm_command(OTHER, "/home/owner"))
    node.ask("echo x | sudo tee /etc/ssh/sshd_config.d/stems-new.conf; sudo systemctl is-active ssh")
    node.do(supervisor.arm_command(NAME, "/home/owner"))

    assert (
        node.ask("sudo ls /var/lib/stems/supervisor; systemctl list-units --no-legend --plain 'stems-*' | wc -l")
        == f"{NAME}\n1\n"
    )
    assert node.do(supervisor.confirm_command(NAME)).text == "confirmed\n"
    assert node.ask("ls /etc/ssh/sshd_config.d/stems-new.conf") != ""


def test_whoever_goes_on_with_a_deployment_waits_for_one_that_puts_back(node: Guarded) -> None:
    """A resumed deployment lost its connection when the one of its first controller restarted sshd in the middle."""
    node.do(supervisor.arm_command(NAME, "/home/owner"))
    node.ask("echo 'AllowUsers owner' | sudo tee /etc/ssh/sshd_config.d/stems-new.conf")
    node.do(supervisor.hurry_command(NAME))
    node.ask(f"until sudo test -d {supervisor.folder_of(NAME)}/claim; do sleep 0.1; done")
    node.do(supervisor.let_go_command())

    assert (
        node.ask("ls /etc/ssh/sshd_config.d/stems-new.conf 2>/dev/null || :; sudo ls /var/lib/stems/supervisor") == ""
    )


def test_asked_to_hurry_it_does_not_wait(node: Guarded) -> None:
    node.do(supervisor.arm_command(NAME, "/home/owner"))
    node.ask("echo 'AllowUsers owner' | sudo tee /etc/ssh/sshd_config.d/stems-new.conf")
    begun = node.do(supervisor.hurry_command(NAME))
    assert begun.ok and node.outcome() == "taken back\n"
    assert node.ask("ls /etc/ssh/sshd_config.d/stems-new.conf 2>/dev/null || :") == ""
