"""The keys of a lab: one for its user, one host key a node, and the file that pins them."""

from __future__ import annotations

import io
import tarfile
import time
import uuid
from pathlib import Path

from stems.errors import ToolError
from stems.infrastructure.command import Command, Effect
from stems.infrastructure.lab.programs import PLACE
from stems.infrastructure.lab.recipe import USER
from stems.infrastructure.lab.state import Lab, LabNode
from stems.infrastructure.runner import Runner


def key_command(path: Path, comment: str) -> Command:
    return Command(
        ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(path)), Effect.WRITES
    )  # fmt: skip


def require_keys(lab: Lab, runner: Runner) -> None:
    """Make what is missing; what is there stays, so that a repaired node is the same node."""
    lab.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lab.folder.chmod(0o700)
    _require_key(lab.identity, f"stems-lab-{lab.name}", runner)
    for node in lab.nodes:
        node_folder(lab, node).mkdir(parents=True, exist_ok=True, mode=0o700)
        _require_key(host_key(lab, node), node.name, runner)
        if not machine_id(lab, node).exists():
            machine_id(lab, node).write_text(uuid.uuid4().hex + "\n")
    lab.known_hosts.write_text(pinned(lab))


def node_folder(lab: Lab, node: LabNode) -> Path:
    return lab.folder / "nodes" / node.name


def host_key(lab: Lab, node: LabNode) -> Path:
    return node_folder(lab, node) / "ssh_host_ed25519_key"


def machine_id(lab: Lab, node: LabNode) -> Path:
    return node_folder(lab, node) / "machine-id"


def pinned(lab: Lab) -> str:
    """The content of `known_hosts`: stems asks for a node's key under the node's name."""
    lines = []
    for node in lab.nodes:
        kind, key = host_key(lab, node).with_suffix(".pub").read_text().split()[:2]
        lines.append(f"{node.name} {kind} {key}\n")
    return "".join(lines)


def belongings(lab: Lab, node: LabNode, images: bytes, *, chezmoi: bytes = b"") -> bytes:
    """What makes a container this node, as a tar archive to unpack at its root."""
    key = host_key(lab, node)
    # The account gets its own name when the node first starts.
    folder, owner = ("root/.ssh", 0) if node.user == "root" else (f"home/{USER}/.ssh", 1000)
    files = (
        ("etc/ssh/ssh_host_ed25519_key", key.read_bytes(), 0o600, 0),
        ("etc/ssh/ssh_host_ed25519_key.pub", key.with_suffix(".pub").read_bytes(), 0o644, 0),
        ("etc/machine-id", machine_id(lab, node).read_bytes(), 0o444, 0),
        (f"{folder}/authorized_keys", lab.identity.with_suffix(".pub").read_bytes(), 0o600, owner),
        ("opt/stems-lab/images.tar", images, 0o644, 0),
        *([(PLACE, chezmoi, 0o755, 0)] if chezmoi else []),
    )
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(_entry(folder, mode=0o700, owner=owner, folder=True))
        for name, content, mode, whose in files:
            entry = _entry(name, mode=mode, owner=whose)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return archive.getvalue()


def _entry(name: str, *, mode: int, owner: int, folder: bool = False) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.uid, entry.gid, entry.mtime = mode, owner, owner, int(time.time())
    entry.type = tarfile.DIRTYPE if folder else tarfile.REGTYPE
    return entry


def _require_key(path: Path, comment: str, runner: Runner) -> None:
    if path.exists():
        return
    result = runner.run(key_command(path, comment))
    if not result.ok:
        raise ToolError(f"{path} cannot be made", ran=str(key_command(path, comment)), said=result.errors)
