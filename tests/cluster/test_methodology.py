"""The methodology as one story, with documented commands alone.

From an empty folder to three machines, a service that is added and moves, a branch that is tried on one of them, and a
fourth machine that comes and goes.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.state import Lab, LabNode, lab_folder
from stems.infrastructure.lab.up import start
from stems.infrastructure.local import LocalRunner
from tests.support.lab import ask, lab_name
from tests.support.site import Site
from tests.support.story import NODES, Story, assert_all_well, lines

SPARE = LabNode("spare", "spare", "work", fresh=True)
MACHINES = (*(LabNode(name, name, "") for name in NODES), SPARE)
CLUSTER, COMPOSE = "config/cluster.yml", "services/{}/compose.yml"
KEY = "/etc/ssh/ssh_host_ed25519_key.pub"
PORT = 8090
YES = "y\n" * 4
LATER = 1800.0
"""Seconds in which a new node is to be ready."""

# A lab has no way out: no name resolves, package lists stay those of its image, and of Docker its own archive has the
# engine. Compose lies in the image. Upgrades, the exporter, backup and firewall would need packages of Debian: off, as
# they are at first.
VARIABLES = {
    "# node_preflight_names: [deb.debian.org]": "node_preflight_names: []",
    "# node_packages_lists_valid: 86400": "node_packages_lists_valid: 3153600000",
    '# node_docker_packages: "{{ node_docker_known[node_docker_source] }}"': "node_docker_packages: [docker.io]",
    "# node_accounts: []": 'node_accounts: [{name: guest, home: /srv/guest, ssh_keys: ["ssh-ed25519 AAAA guest"]}]',
}
INVENTORY = '#!/bin/sh\nexec stems -C "$(dirname "$0")" generate inventory "$@"\n'


@pytest.fixture
def machines() -> Iterator[Lab]:
    """Three machines, and a fourth one without Docker and without its group."""
    name = lab_name("-home")
    folder = lab_folder(name)
    try:
        made = start(Lab(name, folder, folder / "repository", nodes=MACHINES), LocalRunner(), say=print)
        assert ask(made, "spare", "sudo gpasswd -d owner docker && sudo groupdel docker").ok
        assert ask(made, "spare", "command -v dockerd").status != 0
        yield made
    finally:
        down(name, LocalRunner(), force=True)


def test_from_an_empty_folder_to_a_fourth_machine(machines: Lab, tmp_path: Path) -> None:
    root = tmp_path / "home"
    root.mkdir()
    home = Story(machines, root, Site(machines, "home"))
    _begins_in_an_empty_folder(home)
    _what_there_is_is_written_down(home)
    _a_service_is_added(home)
    _other_programs_read_it(home)
    _a_branch_is_tried_on_one_node(home)
    _a_bare_machine_becomes_a_node(home)
    _a_service_moves_and_everybody_follows(home)
    _the_fourth_goes_again(home)


def _begins_in_an_empty_folder(home: Story) -> None:
    """`git init`, `stems init`, the addresses as they are, and the keys as the machines' own consoles show them."""
    home.git("init", "-q", "-b", "main")
    home.git("config", "user.name", "Owner")
    home.git("config", "user.email", "owner@home.example")
    first = [home.lab.node(name) for name in NODES]
    words = [word for node in first for word in ("--node", f"{node.name}=owner@{node.host}:{node.port}")]
    home.stems("init", "--name", "home", *words, "--yes")
    _edit(home.root / CLUSTER, {
        f"port: {node.port}}}\n": f"port: {node.port}, identity: {home.lab.identity}}}\n"
        f"    variables: {{address: {node.address}, ssh_port: 22}}\n"
        for node in first
    })  # fmt: skip
    _edit(home.root / CLUSTER, {"node: prtr ": "node: all ", "pause: 5s, healthy_for: 10s": "healthy_for: 1s"})
    _edit(home.root / COMPOSE.format("hello"), {"busybox:1.37.0": "stems-lab/busybox:1"})
    for node in NODES:
        fingerprint = home.console(node, f"ssh-keygen -lf {KEY}").split()[1]
        home.stems("trust", node, "--fingerprint", fingerprint)
    commit = _committed(home, "Begin")

    home.stems("validate")
    assert [(node["node"], node["deployed"]) for node in _deployed(home)["nodes"]] == [(name, "") for name in NODES]

    assert_all_well(home, commit)
    assert home.ask("prtr", "echo $(cat /etc/motd)").split()[:2] == ["Welcome", "home"]


def _what_there_is_is_written_down(home: Story) -> None:
    """The second look changes nothing, and what was found is no news to the rules."""
    home.stems("discover")
    _committed(home, "Truth")
    home.stems("discover")
    assert home.git("status", "--porcelain") == ""
    home.stems("validate")


def _a_service_is_added(home: Story) -> None:
    """Plan, develop, validate, deploy, operate."""
    home.stems("new", "service", "notes", "--image", "stems-lab/busybox:1", "--port", str(PORT), "--health", "/ls",
        "--command", f"httpd -f -p {PORT} -h /bin", "--memory", "32M", "--yes")  # fmt: skip
    _edit(home.root / COMPOSE.format("notes"), {f'"127.0.0.1:{PORT}:{PORT}"': f'"{PORT}:{PORT}"'})
    here = _place_of(home, "notes")
    assert f"notes runs on {here}" in (home.root / f"docs/decisions/0002-run-notes-on-{here}.md").read_text()
    commit = _committed(home, "Add notes")

    home.stems("validate")
    assert f"{here} create container:notes-notes-1" in lines(_changes(_deployed(home)))

    assert_all_well(home, commit)
    assert _answers(home, "notes") == dict.fromkeys(NODES, home.lab.node(here).address)


def _other_programs_read_it(home: Story) -> None:
    """OpenSSH reaches every node, Ansible takes the repository as its inventory, and names are those on the nodes."""
    made = home.root.parent / "ssh_config"
    home.stems("generate", "ssh-config", "--output", str(made))
    for node in NODES:
        argv = ("ssh", "-F", str(made), "-o", "BatchMode=yes", f"{node}.local", "hostname")
        assert subprocess.run(argv, capture_output=True, text=True, timeout=30, check=True).stdout == f"{node}\n"
    hosts = [line for line in home.stems("generate", "hosts").out.splitlines() if line and not line.startswith("#")]
    assert {*hosts} <= {*home.ask("drtr", "cat /etc/hosts").splitlines()}
    inventory = home.root / "inventory"
    inventory.write_text(INVENTORY)
    inventory.chmod(0o755)
    listed = json.loads(_with_ansible(home, "ansible-inventory", "-i", "./inventory", "--list"))
    assert listed["_meta"]["hostvars"].keys() == {*NODES}
    assert _with_ansible(home, "ansible", "-i", "./inventory", "all", "-m", "ping").count("SUCCESS") == len(NODES)
    _committed(home, "Have an inventory for Ansible")


def _a_branch_is_tried_on_one_node(home: Story) -> None:
    """Everybody sees who runs what. Going back would undo it, going on is a merge."""
    before = home.status()["crtr"]["deployed"]
    home.git("switch", "-q", "-c", "quieter")
    _edit(home.root / CLUSTER, {"greeting: Welcome home": "greeting: Hello"})
    tried = _committed(home, "Greet with one word")
    home.git("switch", "-q", "main")

    home.stems("deploy", "--ref", "quieter", "--node", "prtr", answers=YES)

    assert home.ask("prtr", "head -n 1 /etc/motd") == "Hello\n"
    shown = home.stems("status").out
    assert f"{tried[:8]}, on quieter" in shown and f"{before[:8]}, 1 behind" in shown
    seen = home.status()
    assert {name: (node["deployed"], node["branch"]) for name, node in seen.items()} == {
        "prtr": (tried, "quieter"), "drtr": (before, None), "crtr": (before, None),
    }  # fmt: skip
    assert "what came with it would be undone" in home.stems("plan", "--node", "prtr").out
    home.git("merge", "-q", "--no-edit", "quieter")


def _a_bare_machine_becomes_a_node(home: Story) -> None:
    """It is looked at, described, set up, and gets its service; a second deployment has nothing to do."""
    began = time.monotonic()
    kind, key = home.console("spare", f"cat {KEY}").split()[:2]
    with (home.root / "config/known_hosts").open("a") as pinned:
        pinned.write(f"spare {kind} {key}\n")

    made = home.stems("new", "node", "spare", "--from", str(_edited_template(home)), "--role", "work")

    assert [line.split()[:2] for line in made.out.splitlines()[:5]] == [
        ["✓", "network"], ["✓", "ssh"], ["✓", "sudo"], ["✓", "packages"], ["✓", "disk"],
    ]  # fmt: skip
    assert "spare: its keys are pinned already" in home.stems("trust", "spare").out
    commit = _committed(home, "Add spare")
    home.stems("validate")
    home.stems("deploy", "--node", "spare", answers=YES)

    status = home.status()["spare"]
    took = time.monotonic() - began
    print(f"from a bare machine to a node in sync: {took:.0f} s")  # noqa: T201  # the time is to be seen
    assert (status["deployed"], status["in_sync"], status["healthy"]) == (commit, True, True)
    assert took < LATER
    assert "nothing to do" in home.stems("deploy", "--node", "spare").out
    _is_as_the_role_says(home)
    home.stems("discover", "--node", "spare")
    assert home.git("status", "--porcelain") == "?? truth/spare.yml"


def _is_as_the_role_says(home: Story) -> None:
    said = home.ask("spare", "echo $CLUSTER_NODE $CLUSTER_ROLE $(stat -c %a /srv/backup) $(docker ps -q | wc -l)")
    assert said.split() == ["spare", "work", "750", "1"]
    policy = home.ask("spare", "sudo sshd -T").splitlines()
    assert {"passwordauthentication no", "permitrootlogin without-password", "maxauthtries 4"} <= {*policy}
    # Keys lie where sshd looks for them: in the home that was named, and that the account has.
    assert "guest" in home.ask("spare", "sudo cat ~guest/.ssh/authorized_keys")
    assert "/srv/guest" in home.ask("spare", "getent passwd guest")
    # Whoever could log in before still can, and uses Docker without sudo.
    assert "docker" in home.ask("spare", "id -Gn").split()
    # Until they could, root did for them, and left nothing that is in their way.
    assert home.ask("spare", "find ~ -path ~/.local/state -prune -o -user root -print") == ""


def _a_service_moves_and_everybody_follows(home: Story) -> None:
    """To the fourth node, with its name, and the branch that was merged goes everywhere with it."""
    before = _place_of(home, "notes")
    home.stems("place", "notes", "--write", "--node", "spare", "--reason", "It has nothing else to do")
    commit = _committed(home, "Move notes")

    changes = _changes(_deployed(home))

    assert not [one for one in changes if "roles/node/" in str(one) and one["node"] in NODES], "they stay as they are"
    assert_all_well(home, commit)
    assert _answers(home, "notes") == dict.fromkeys(NODES, home.lab.node("spare").address)
    assert home.ask(before, "docker ps --format '{{.Names}}'").split() == ["hello-hello-1"]
    assert {home.ask(node, "head -n 1 /etc/motd") for node in NODES} == {"Hello\n"}


def _the_fourth_goes_again(home: Story) -> None:
    """Its services and what sets it up first, then its entry and its truth, and no other file."""
    start = home.git("rev-parse", "HEAD")
    names = f"[{', '.join(NODES)}]"
    _edit(home.root / CLUSTER, {
        "node: all ": f"node: {names} ", "node: spare\n": f"node: {names}\n", "      node_setup: true\n": "",
    })  # fmt: skip
    _committed(home, "Take services from spare")
    home.stems("deploy", "--node", "spare", answers=YES)
    assert home.ask("spare", "docker ps -q") == ""

    cluster = home.root / CLUSTER
    cluster.write_text(re.sub(r"^  spare:\n(?:    .*\n)+", "", cluster.read_text(), flags=re.MULTILINE))
    (home.root / "truth/spare.yml").unlink()
    commit = _committed(home, "Take spare out")

    assert home.git("diff", "--name-only", start).split() == [CLUSTER, "truth/spare.yml"]
    home.stems("validate")
    home.stems("deploy", "--node", "prtr", answers=YES)
    seen = home.status()
    assert seen.keys() == {*NODES} and seen["prtr"]["deployed"] == commit
    assert "spare" not in home.ask("prtr", "cat /etc/hosts")


def _committed(home: Story, message: str) -> str:
    home.git("add", "-A")
    home.git("commit", "-q", "-m", message)
    return home.git("rev-parse", "HEAD")


def _place_of(home: Story, service: str) -> str:
    found = re.search(rf"^  {service}:\n    node: (\w+)\n", (home.root / CLUSTER).read_text(), re.MULTILINE)
    assert found
    return found[1]


def _deployed(home: Story) -> Any:
    """The plan, which was approved and rolled out."""
    plan = home.plan()
    home.stems("approve", plan["digest"], "--yes")
    home.stems("deploy", plan["digest"])
    return plan


def _changes(plan: Any) -> list[dict[str, Any]]:
    return [change for node in plan["nodes"] for change in node["changes"]]


def _answers(home: Story, service: str) -> dict[str, str]:
    """The address that answers each node under the name of a service."""
    asked = f"curl -s -o /dev/null -w '%{{http_code}} %{{remote_ip}}' http://{service}.local:{PORT}/ls"
    said = {node: home.ask(node, asked).split() for node in NODES}
    assert {words[0] for words in said.values()} == {"200"}
    return {node: words[1] for node, words in said.items()}


def _with_ansible(home: Story, *words: str) -> str:
    """With `stems` on PATH, as the inventory calls it."""
    own = home.root.parent / "bin"
    own.mkdir(exist_ok=True)
    (own / "stems").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m stems "$@"\n')
    (own / "stems").chmod(0o755)
    folders = (str(own), str(Path(sys.executable).parent), os.environ["PATH"])
    done = subprocess.run(
        words, cwd=home.root, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "PATH": ":".join(folders), "ANSIBLE_NOCOLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _edited_template(home: Story) -> Path:
    """`cp -r .stems/templates/node-config`, and its variables.yml edited."""
    folder = home.root.parent / "node-setup"
    subprocess.run(("cp", "-r", str(home.root / ".stems/templates/node-config"), str(folder)), check=True)
    node = home.lab.node("spare")
    ssh = f"ssh: {{host: {node.host}, user: owner, port: {node.port}, identity: {home.lab.identity}}}"
    address = {"# address: 192.0.2.14": f"address: {node.address}\n  ssh_port: 22"}
    _edit(folder / "variables.yml", {"ssh: {host: 192.0.2.14, user: me, port: 22}": ssh, **address, **VARIABLES})
    return folder


def _edit(path: Path, edits: dict[str, str]) -> None:
    text = path.read_text()
    for before, after in edits.items():
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text)
