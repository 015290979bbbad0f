"""Which tasks only look: what cannot be told is taken for one that acts."""

from __future__ import annotations

import pytest

from stems.tools.ansible.reading import only_reads


@pytest.mark.parametrize(
    "text",
    [
        "cat /etc/os-release",
        "/usr/bin/id -u {{ user }}",
        "systemctl is-active docker",
        "systemctl --no-pager show -p ActiveState docker",
        "docker ps --format '{{ '{{' }}.Names}}'",
        "docker container ls -a",
        "docker compose version --short",
        "git -C /srv/site rev-parse HEAD",
        "dpkg -l nginx",
        "dpkg-query -W -f '${Status}' nginx",
        "rpm -qa",
        "command -v chezmoi",
        "caddy --version",
        "sysctl -n net.ipv4.ip_forward",
        "ip -j addr",
        "nvidia-smi --query-gpu=name --format=csv",
        "find /etc -name '*.conf' -newer /etc/passwd",
        "LC_ALL=C df -P /",
    ],
)
def test_a_probe_reads(text: str) -> None:
    assert only_reads("command", text)
    assert only_reads("command", {"cmd": text})


@pytest.mark.parametrize(
    "text",
    [
        "rm -rf /tmp/x",
        "apt-get install -y nginx",
        "apt-get update",
        "systemctl restart docker",
        "docker run --rm busybox true",
        "docker compose up -d",
        "{{ program }} status",
        "find / -name core -delete",
        "sort -o /etc/hosts /etc/hosts",
        "sysctl -w net.ipv4.ip_forward=1",
        "ip link set eth0 down",
        "date -s 2020-01-01",
        "nvidia-smi -pm 1",
        "git fetch origin",
        "make show-it",
        "",
        "cat 'unclosed",
    ],
)
def test_what_acts_or_cannot_be_told_does_not_only_read(text: str) -> None:
    assert not only_reads("command", text)
    assert not only_reads("shell", text)


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("grep -E 'a|b' /etc/passwd | cut -d: -f1 | sort -u", True),
        ("test -e /etc/x && cat /etc/x || true", True),
        ("docker info >/dev/null 2>&1", True),
        ("systemctl is-active x 2> /dev/null; true", True),
        ("wc -l </etc/passwd", True),
        ("uname -r\nuname -m\n", True),
        ("cat /etc/x > /etc/y", False),
        ("cat /etc/x >> /etc/y", False),
        ("cat /etc/x | tee /etc/y", False),
        ("true && rm /etc/x", False),
        ("ls; reboot", False),
        ("ls & reboot", False),
        ("echo $(rm /etc/x)", False),
        ("echo `rm /etc/x`", False),
        ("(cd /; rm x)", False),
        ("cat <<END\nx\nEND", False),
        ("uname -r\nreboot", False),
    ],
)
def test_every_part_of_a_script_counts(text: str, reads: bool) -> None:  # a table of cases
    assert only_reads("shell", text) is reads


def test_modules() -> None:
    assert only_reads("stat", {"path": "/etc/x"})
    assert only_reads("docker_host_info", None)
    assert only_reads("uri", {"url": "http://127.0.0.1/"})
    assert only_reads("uri", "url=http://127.0.0.1/ method=head")
    assert not only_reads("uri", {"url": "http://127.0.0.1/", "method": "POST"})
    assert not only_reads("uri", {"url": "http://127.0.0.1/", "dest": "/etc/x"})
    assert not only_reads("copy", {"dest": "/etc/x"})
    assert not only_reads("command", {"argv": ["rm", "x"]})
    assert only_reads("command", {"argv": ["cat", "x y"]})
