"""Releases that cut the way in: each time the node is back by itself, and is then taken back as a whole."""

from __future__ import annotations

import signal

from stems.infrastructure.supervisor import SILENCE
from tests.cluster.conftest import Tell
from tests.support.story import Story, assert_all_well, wait_until

RESTART = "\n  handlers:\n    - {name: Restart it, ansible.builtin.systemd_service: {name: ssh, state: restarted}}"
WRONG_SSHD = (
    '- name: Sshd\n      ansible.builtin.copy: {content: "Nonsense yes\\n", dest: /etc/ssh/sshd_config.d/stems.conf}'
    f"\n      notify: Restart it{RESTART}"
)
NOBODY = WRONG_SSHD.replace("Nonsense yes", "DenyUsers *")
FIREWALL = """- name: Firewall
      ansible.builtin.iptables:
        {chain: INPUT, protocol: tcp, destination_port: "22", jump: DROP, action: insert}"""
ADDRESS = """- name: Address
      ansible.builtin.command:
        cmd: sh -c 'ip addr flush dev eth0; ip addr add 203.0.113.9/24 dev eth0'"""
SUDOERS = (
    '- name: Sudoers\n      ansible.builtin.copy: {content: "owner ALL=(ALL:ALL) !ALL\\n", '
    'dest: /etc/sudoers.d/zz-stems, mode: "0440"}'
)
LEFT = "sudo sh -c 'ls -d /etc/systemd/system/stems-supervisor* /var/lib/stems/supervisor/* 2>/dev/null' || :"
LOOK = r"""
sudo sh -c '
  find /etc/ssh /etc/sudoers.d /home/owner/.ssh -type f -exec sha256sum {} + | sort
  iptables -S INPUT; ip -o addr show dev eth0; ip route
' | grep -v valid_lft
"""


def test_a_node_that_was_cut_off_is_back_by_itself(told: Tell) -> None:
    """A broken sshd_config, a shut port, a wrong address, no sudo, no keys: each time exit 8 and all as it was."""
    with told("way-in", system="all", services=False, alone=True) as story:
        first = story.git("rev-parse", "HEAD")
        story.deploy()
        before, way = story.photograph("prtr"), story.ask("prtr", LOOK)
        system = {"sshd": WRONG_SSHD, "firewall": FIREWALL, "address": ADDRESS, "sudoers": SUDOERS}
        releases: dict[str, dict[str, str]] = {
            **{name: {"ansible/site.yml": story.site.playbook(more)} for name, more in system.items()},
            "keys": {"ansible/site.yml": story.site.playbook(), "dotfiles/.ssh/authorized_keys": "# nobody\n"},
        }
        for name, files in releases.items():
            story.commit({**files, f"dotfiles/.{story.site.name}rc": f"{name}\n"}, name)
            failed = story.deploy(exits=8)
            assert "taken back on prtr" in failed.err
            story.assert_same({"prtr": before})
            assert story.ask("prtr", LOOK) == way, name
            assert story.ask("prtr", LEFT) == "", "nothing of the supervisor stays"
        assert_all_well(story, first)


def test_what_leaves_the_way_in_open_is_deployed(told: Tell) -> None:
    """A change of class network that cuts nobody off, and a controller that dies before it could say so."""
    harmless = NOBODY.replace("DenyUsers *", "AllowUsers *")
    with told("way-open", system="all", services=False, alone=True) as story:
        story.commit({"ansible/site.yml": story.site.playbook(harmless)})
        story.deploy()
        assert story.ask("prtr", "cat /etc/ssh/sshd_config.d/stems.conf") == "AllowUsers *\n"

        slow = harmless.replace("AllowUsers *", "AllowUsers * nobody").replace(
            RESTART, f"\n    - name: Slow\n      ansible.builtin.command: sleep 11.5{RESTART}"
        )
        story.commit({"ansible/site.yml": story.site.playbook(slow)})
        running = story.start("deploy", story.approved())
        wait_until("the slow task runs", lambda: story.ask("prtr", "pgrep -f '[s]leep 11.5' || :"))
        running.kill()
        running.wait(exits=-signal.SIGKILL)
        wait_until("the way in is as it was", lambda: _is_harmless(story), deadline=SILENCE + 60.0)
        story.stems("deploy", "--resume", answers="y\n")
        assert story.ask("prtr", "cat /etc/ssh/sshd_config.d/stems.conf") == "AllowUsers * nobody\n"
        story.ask("prtr", "sudo rm /etc/ssh/sshd_config.d/stems.conf; sudo systemctl restart ssh")


def _is_harmless(story: Story) -> bool:
    return story.ask("prtr", "cat /etc/ssh/sshd_config.d/stems.conf") == "AllowUsers *\n"
