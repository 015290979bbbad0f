"""A bare machine becomes a node: one edited file, one command and its approvals, and it is in sync."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stems.infrastructure.lab.down import down
from stems.infrastructure.lab.keys import pinned
from stems.infrastructure.lab.state import Lab, LabNode, lab_folder
from stems.infrastructure.lab.up import start
from stems.infrastructure.local import LocalRunner
from stems.lifecycle.template import Template, methodology_files
from tests.support.lab import ask, lab_name
from tests.support.site import Site
from tests.support.story import Story

FOLDER = f"templates/{Template.NODE.value}/"
NODES = (LabNode("crtr", "cooperator", "gateway"), LabNode("prtr", "projector", "work", fresh=True))
LATER = 1800.0
"""Seconds in which a new node is to be ready."""

# A lab has no way out: no name resolves, package lists stay those of its image, and of Docker its own archive has the
# engine. Compose lies in the image. Upgrades, the exporter, backup and firewall would need packages of Debian: off, as
# they are at first.
EDITS = {
    "# node_preflight_names: [deb.debian.org]": "node_preflight_names: []",
    "# node_packages_lists_valid: 86400": "node_packages_lists_valid: 3153600000",
    '# node_docker_packages: "{{ node_docker_known[node_docker_source] }}"': "node_docker_packages: [docker.io]",
    "# node_accounts: []": 'node_accounts: [{name: guest, home: /srv/guest, ssh_keys: ["ssh-ed25519 AAAA guest"]}]',
}


@pytest.fixture
def bare() -> Iterator[Lab]:
    """A node, and a machine without Docker, and without its group."""
    name = lab_name("-new")
    folder = lab_folder(name)
    try:
        made = start(Lab(name, folder, folder / "repository", nodes=NODES), LocalRunner(), say=print)
        assert ask(made, "prtr", "sudo gpasswd -d owner docker && sudo groupdel docker").ok
        assert ask(made, "prtr", "command -v dockerd").status != 0
        yield made
    finally:
        down(name, LocalRunner(), force=True)


@pytest.fixture
def told(bare: Lab, tmp_path: Path) -> Story:
    """The repository of `stems init`, which knows the first node only, with an image that the lab has."""
    root = tmp_path / "colab"
    told = Story(bare, root, Site(bare, "colab"))
    first = bare.node("crtr")
    told.stems("init", str(root), "--name", "colab", "--node", f"crtr=owner@{first.host}:{first.port}", "--yes",
        root=tmp_path)  # fmt: skip
    told.git("config", "user.name", "Owner")
    told.git("config", "user.email", "owner@colab.example")
    _edit(root / "config/cluster.yml", {
        f"port: {first.port}": f"port: {first.port}, identity: {bare.identity}", "node: crtr ": "node: all ",
    })  # fmt: skip
    _edit(root / "services/hello/compose.yml", {"busybox:1.37.0": "stems-lab/busybox:1"})
    (root / "config/known_hosts").write_text(pinned(bare))
    told.git("add", "-A")
    told.git("commit", "-q", "-m", "Begin")
    return told


def test_a_bare_machine_becomes_a_node_in_sync(told: Story, tmp_path: Path) -> None:
    """It is looked at, described, set up, and gets its service; a second deployment has nothing to do."""
    began = time.monotonic()
    setup = _edited_template(told.lab, tmp_path / "node-setup")

    made = told.stems("new", "node", "prtr", "--from", str(setup), "--role", "work")

    assert [line.split()[:2] for line in made.out.splitlines()[:5]] == [
        ["✓", "network"], ["✓", "ssh"], ["✓", "sudo"], ["✓", "packages"], ["✓", "disk"],
    ]  # fmt: skip
    assert "prtr: its keys are pinned already" in told.stems("trust", "prtr").out
    told.git("add", "-A")
    told.git("commit", "-q", "-m", "Add prtr")
    told.stems("validate")
    told.stems("deploy", "--node", "prtr", answers="y\n" * 4)

    status = told.status()["prtr"]
    took = time.monotonic() - began
    print(f"from a bare machine to a node in sync: {took:.0f} s")  # noqa: T201  # the time is to be seen
    assert status["in_sync"] is True and status["healthy"] is True
    assert took < LATER
    assert "nothing to do" in told.stems("deploy", "--node", "prtr").out
    _is_as_the_role_says(told)


def _is_as_the_role_says(told: Story) -> None:
    said = told.ask("prtr", "echo $CLUSTER_NODE $CLUSTER_ROLE $(stat -c %a /srv/backup) $(docker ps -q | wc -l)")
    assert said.split() == ["prtr", "work", "750", "1"]
    policy = told.ask("prtr", "sudo sshd -T").splitlines()
    assert {"passwordauthentication no", "permitrootlogin without-password", "maxauthtries 4"} <= {*policy}
    # Keys lie where sshd looks for them: in the home that was named, and that the account has.
    assert "guest" in told.ask("prtr", "sudo cat ~guest/.ssh/authorized_keys")
    assert "/srv/guest" in told.ask("prtr", "getent passwd guest")
    # Whoever could log in before still can, and uses Docker without sudo.
    assert "docker" in told.ask("prtr", "id -Gn").split()


def _edited_template(lab: Lab, folder: Path) -> Path:
    """`cp -r .stems/templates/node-config`, and its variables.yml edited."""
    for file in methodology_files():
        if file.path.startswith(FOLDER):
            target = folder / file.path.removeprefix(FOLDER)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.text)
    node = lab.node("prtr")
    ssh = f"ssh: {{host: {node.host}, user: owner, port: {node.port}, identity: {lab.identity}}}"
    _edit(folder / "variables.yml", {"ssh: {host: 192.0.2.14, user: me, port: 22}": ssh, **EDITS})
    return folder


def _edit(path: Path, edits: dict[str, str]) -> None:
    text = path.read_text()
    for before, after in edits.items():
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text)
