"""The example repository that `lab up` writes: three nodes, dotfiles, a playbook and three services."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from stems.infrastructure.lab.keys import pinned
from stems.infrastructure.lab.repository import commit_all, git
from stems.infrastructure.lab.state import Lab
from stems.infrastructure.runner import Runner

FOLDER = Path(__file__).parent / "example"
EXECUTABLE = ("dotfiles/bin/where-am-i.j2", "services/dashboard/start.sh")
# A wheel carries no links.
LINKS = {"dotfiles/.config/tmux/tmux.conf": "../../.tmux.conf"}
ARCHITECTURES = {"x86_64": ("x86_64", "linux/amd64"), "aarch64": ("arm64", "linux/arm64")}


def write_example(lab: Lab, folder: Path, runner: Runner) -> str:
    """Write the repository for this lab into a new folder and return its one commit."""
    shutil.copytree(FOLDER, folder)
    cluster = folder / "config" / "cluster.yml"
    cluster.write_text(fill(cluster.read_text(), placeholders(lab)))
    (folder / "config" / "known_hosts").write_text(pinned(lab))
    for name, target in LINKS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(target)
    for name in EXECUTABLE:
        (folder / name).chmod(0o755)
    git(folder, "init", "--quiet", "--initial-branch=main", runner=runner)
    return commit_all(folder, "Describe the colab", runner)


def placeholders(lab: Lab) -> dict[str, str]:
    arch, docker_platform = ARCHITECTURES.get(platform.machine(), ARCHITECTURES["x86_64"])
    values = {"arch": arch, "platform": docker_platform, "identity": short_path(lab.identity)}
    for node in lab.nodes:
        values |= {f"{node.name}.host": node.host, f"{node.name}.port": str(node.port)}
        values |= {f"{node.name}.address": node.address, f"{node.name}.user": node.user}
    return values


def fill(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@@{name}@@", value)
    return text


def short_path(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
