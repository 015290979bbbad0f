"""What people use today: a shell loop, parallel ssh, Ansible, compose-farm."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from bench.place import Place, call, on_path
from bench.probe import ssh_words, write_parallel
from stems.lifecycle.workspace import Workspace

COMPOSE_FARM = "1.27.3"
_QUESTIONS = ("uptime", "docker ps --format '{{.Names}} {{.Status}}'", "git -C {checkout} rev-parse HEAD")


def shell_loop(workspace: Workspace, folder: Path, *, known_hosts: Path) -> Path:
    """Three questions to three nodes, one ssh call after the other: the loop that people write."""
    path = folder / "loop.sh"
    lines = [
        shlex.join((*ssh_words(workspace, node, known_hosts=known_hosts), question))
        for node in workspace.cluster.nodes.values()
        for question in _questions(workspace)
    ]
    path.write_text("set -e\n" + "\n".join(lines) + "\n")
    return path


def parallel_ssh(workspace: Workspace, folder: Path, *, known_hosts: Path) -> Path:
    """The same three questions in one call to each node, all nodes at once."""
    asked = "; ".join(_questions(workspace))
    calls = {
        name: shlex.join((*ssh_words(workspace, node, known_hosts=known_hosts), asked))
        for name, node in workspace.cluster.nodes.items()
    }
    return write_parallel(folder / "parallel.sh", calls)


def _questions(workspace: Workspace) -> tuple[str, ...]:
    return tuple(question.replace("{checkout}", workspace.cluster.checkout) for question in _QUESTIONS)


def inventory(workspace: Workspace, folder: Path, *, known_hosts: Path) -> Path:
    """For `ansible -m ping`, with Ansible's own connection sharing."""
    lines = []
    for name, node in workspace.cluster.nodes.items():
        common = f"-o UserKnownHostsFile={known_hosts} -o HostKeyAlias={name} -o StrictHostKeyChecking=yes"
        lines.append(
            f"{name} ansible_host={node.ssh.host} ansible_port={node.ssh.port or 22} ansible_user={node.ssh.user} "
            f"ansible_ssh_private_key_file={node.ssh.identity} ansible_ssh_common_args='{common}' "
            "ansible_python_interpreter=/usr/bin/python3"
        )
    path = folder / "inventory.ini"
    path.write_text("\n".join(lines) + "\n")
    return path


def compose_farm(folder: Path) -> str:
    """compose-farm from PyPI in an environment of its own; empty when it cannot be had."""
    program = folder / "compose-farm/bin/cf"
    if program.exists():
        return str(program)
    make = (sys.executable, "-m", "venv", str(program.parent.parent))
    install = (str(program.parent / "pip"), "install", "--quiet", "--no-input", f"compose-farm=={COMPOSE_FARM}")
    for argv in (make, install):
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=300, check=False)
        if done.returncode != 0:
            return on_path("cf")
    return str(program)


def compose_farm_home(place: Place, workspace: Workspace, *, port: int = 22) -> tuple[Path, Path]:
    """A home with the lab's key and a configuration; loopback would count as local, so the lab's own addresses."""
    home = place.scratch / f"farm-{port}"
    keys = home / ".ssh/compose-farm"
    keys.mkdir(parents=True, mode=0o700, exist_ok=True)
    (keys / "id_ed25519").write_bytes(place.lab.identity.read_bytes())
    (keys / "id_ed25519").chmod(0o600)
    public = call("ssh-keygen", "-y", "-f", str(keys / "id_ed25519"))
    (keys / "id_ed25519.pub").write_text(public)
    pinned = {line.split()[0]: line.split()[1:3] for line in workspace.pinned.splitlines() if line.strip()}
    hosts, known = [], []
    for node in place.lab.nodes:
        hosts.append(f"  {node.name}: {{address: {node.address}, user: {node.user}, port: {port}}}")
        shown = node.address if port == 22 else f"[{node.address}]:{port}"
        known.append(" ".join((shown, *pinned[node.name])))
    (keys / "known_hosts").write_text("\n".join(known) + "\n")
    (home / ".ssh/known_hosts").write_text("\n".join(known) + "\n")
    stacks = [f"  {name}: {_placed(service.nodes)}" for name, service in workspace.cluster.services.items()]
    path = home / "compose-farm.yaml"
    folder = workspace.cluster.checkout.replace("~", f"/home/{place.lab.nodes[0].user}")
    path.write_text("\n".join([f"compose_dir: {folder}/services", "hosts:", *hosts, "stacks:", *stacks, ""]))
    return home, path


def _placed(nodes: tuple[str, ...]) -> str:
    return nodes[0] if len(nodes) == 1 else f"[{', '.join(nodes)}]"


def farm_environment(home: Path) -> Mapping[str, str]:
    return {"HOME": str(home), "SSH_AUTH_SOCK": "", "NO_COLOR": "1", "TERM": "dumb"}
