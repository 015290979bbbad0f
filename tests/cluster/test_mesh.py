"""Nodes find one another and their services by name, and reach each other over SSH with what stems makes for them."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.lab.up import up
from stems.infrastructure.local import LocalRunner
from tests.support.lab import ask, lab_name
from tests.support.site import Site
from tests.support.story import NODES, Story

KEY = "~/.ssh/id_colab"
MAKE_KEY = f"[ -e {KEY} ] || ssh-keygen -q -t ed25519 -N '' -C \"$(hostname)\" -f {KEY}; cat {KEY}.pub"
GREET = """
for name in {names}; do
  ssh -F ~/.ssh/colab -o BatchMode=yes -o ConnectTimeout=5 "$name" hostname </dev/null || exit 1
done
"""


@pytest.fixture
def colab() -> Iterator[Story]:
    """The example repository on a lab of its own: what it runs would be in the way of other stories."""
    name = lab_name("-mesh")
    try:
        lab = up(name, LocalRunner(), say=print)
        yield Story(lab, lab.repository, Site(lab, "colab"))
    finally:
        down(name, LocalRunner(), force=True)


def say(lab: Lab, node: str, text: str) -> str:
    result = ask(lab, node, text)
    assert result.ok, f"{node}: {text}\n{result.text}\n{result.errors}"
    return result.text.strip()


def test_names_lead_to_nodes_and_services(colab: Story) -> None:
    """One deployment, and every node reaches every node by each of its names, and knows where services run."""
    lab = colab.lab
    keys = "\n".join(say(lab, node, MAKE_KEY) for node in NODES)
    for node in NODES:
        say(lab, node, f"echo {shlex.quote(keys)} >>~/.ssh/authorized_keys")
    colab.stems("generate", "ssh-config", "--mesh", "--identity", KEY, "--output", "dotfiles/.ssh/colab")
    colab.git("add", "-A")
    colab.git("commit", "-q", "-m", "Let nodes reach one another")
    colab.deploy()
    _this_machine_reaches_them_too(colab)

    names = {node.name: (node.name, node.hostname, f"{node.hostname}.local") for node in lab.nodes}
    expected = [node.hostname for node in lab.nodes for _ in names[node.name]]
    words = " ".join(name for node in lab.nodes for name in names[node.name])
    for node in NODES:
        assert say(lab, node, GREET.format(names=words)).split() == expected
        assert _addresses(lab, node, "director.local") == {lab.node("drtr").address}
        assert _addresses(lab, node, "dashboard.local") == {lab.node("crtr").address}
        assert _addresses(lab, node, "web.local") == {lab.node("drtr").address, lab.node("prtr").address}
    _a_service_that_moves_takes_its_name_along(colab)


def _this_machine_reaches_them_too(colab: Story) -> None:
    """By every name with ssh, and with Ansible, both with nothing but what was made."""
    made = colab.root.parent
    colab.stems("generate", "ssh-config", "--output", str(made / "ssh_config"))
    colab.stems("generate", "inventory", "--output", str(made / "inventory.yml"))
    for node in colab.lab.nodes:
        for name in (node.name, node.hostname, f"{node.hostname}.local"):
            argv = ("ssh", "-F", str(made / "ssh_config"), "-o", "BatchMode=yes", name, "hostname")
            assert subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout == (
                f"{node.hostname}\n"
            )
    ansible = (str(Path(sys.executable).parent / "ansible"), "-i", str(made / "inventory.yml"), "all", "--one-line")
    expression = json.dumps("{{ node_name }} {{ cluster_services | map(attribute='name') | join(',') }}")
    for words in (("-m", "ansible.builtin.ping"), ("-m", "ansible.builtin.debug", "-a", f"msg={expression}")):
        done = subprocess.run((*ansible, *words), capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0 and done.stdout.count("SUCCESS") == len(NODES), done.stdout + done.stderr


def _addresses(lab: Lab, node: str, name: str) -> set[str]:
    return {line.split()[0] for line in say(lab, node, f"getent ahostsv4 {name}").splitlines()}


def _a_service_that_moves_takes_its_name_along(colab: Story) -> None:
    file = colab.root / "config" / "cluster.yml"
    file.write_text(file.read_text().replace("node: [prtr, drtr]", "node: [prtr]"))
    colab.git("commit", "-q", "-a", "-m", "One node is enough")

    hosts = [
        (node["node"], change["diff"])
        for node in colab.plan()["nodes"]
        for change in node["changes"]
        if change["resource"] == "file:/etc/hosts"
    ]
    assert {node for node, _ in hosts} == set(NODES)
    for _, diff in hosts:
        gone = [line for line in diff.splitlines() if line.startswith("-") and not line.startswith("---")]
        assert gone == [f"-{colab.lab.node('drtr').address} web.local"], diff
