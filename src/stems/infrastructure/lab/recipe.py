"""The recipe of a lab node's image; a digest of it names the image."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path

FOLDER = Path(__file__).parent / "node"

SUITE = "bookworm"
"""Debian 13's systemd refuses cgroup v1, which some machines still have."""

USER = "owner"
"""The image's account: `sudo` without a password, member of the group `docker`. A node may rename it."""

PACKAGES = (
    "busybox-static", "ca-certificates", "containerd", "curl", "dbus", "docker.io", "git", "iproute2", "iptables",
    "libpam-systemd", "openssh-server", "procps", "python3", "python3-apt", "rsync", "runc", "sudo", "systemd",
    "systemd-sysv", "zsh",
)  # fmt: skip

KEPT_PACKAGES = ("containerd", "docker.io", "runc", "tini")
"""Kept as files in the image, so that a node without Docker can install it with no network."""

SERVICE_IMAGES = {"stems-lab/busybox:1": "1", "stems-lab/busybox:2": "2"}
"""Two versions of one small image (httpd, nc, wget, sleep), so that an update can be practised with no registry."""


def recipe_digest(compose_version: str) -> str:
    """The same recipe and Compose give the same image, however old its base is."""
    digest = hashlib.sha256()
    for part in (SUITE, platform.machine(), compose_version, *PACKAGES, *KEPT_PACKAGES):
        digest.update(part.encode() + b"\0")
    for path in sorted(FOLDER.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def base_image() -> str:
    return f"stems-lab-base:{SUITE}"


def node_image(digest: str) -> str:
    return f"stems-lab-node:{digest}"
