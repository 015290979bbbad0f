"""The modules of Ansible as it packs them for nodes, kept from one run to the next.

Ansible packs each module anew in each run, for which it reads and parses some forty files: on a small machine a quarter
of a run for one node. Only what comes with Ansible itself is kept, and only while nothing of the user's could be packed
with it. Where Ansible keeps packed modules during a run is its own affair: where it is another place, nothing is saved.

The callback plugin loads this file by its path, into the Python of Ansible: it imports nothing of stems.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

DIGEST = 32
UNUSED = 30 * 86400
"""Seconds after which those of another Ansible, or of one that was changed, are removed."""


class Packed:
    """What is kept for this Ansible below `folder`, and what it packs during this run, in `own`.

    `others` are the folders from which Ansible would pack modules, or what they import, besides `ansible` itself.
    Raises `OSError` for what cannot be read or written, which costs the time of packing and nothing else.
    """

    def __init__(self, folder: Path, own: Path, ansible: Path, others: Iterable[Path]) -> None:
        self._ansible = ansible
        self._own = own
        self._others = tuple(others)
        self._kept = folder / _key(ansible)

    def lend(self) -> None:
        """What is kept, to this run. A missing or damaged file is only packed again."""
        if not self._is_alone() or not _is_private(self._kept):
            return
        self._own.mkdir(exist_ok=True)
        for file in self._kept.iterdir():
            name, _, digest = file.name.rpartition(".")
            content = file.read_bytes()
            if name and digest == _digest(content):
                (self._own / name).write_bytes(content)
        os.utime(self._kept)

    def keep(self) -> None:
        """What this run packed, for the next."""
        if not self._is_alone():
            return
        names = {file.name.rpartition(".")[0] for file in self._kept.iterdir()} if self._kept.exists() else set()
        new = [file for file in self._packed() if file.name not in names]
        if new and not self._kept.exists():
            self._kept.mkdir(mode=0o700, parents=True, exist_ok=True)
            _remove_unused(self._kept)
        for file in new:
            content = file.read_bytes()
            part = self._kept / f"{os.getpid()}.part"
            part.write_bytes(content)
            part.replace(self._kept / f"{file.name}.{_digest(content)}")

    def _packed(self) -> Iterator[Path]:
        """Modules that come with Ansible: `ansible.modules.copy-ZIP_DEFLATED-none`."""
        for file in self._own.iterdir():
            prefix, _, module = file.name.partition("-")[0].rpartition(".")
            is_whole = not file.name.endswith((".lock", "-part"))
            if is_whole and prefix == "ansible.modules" and (self._ansible / "modules" / f"{module}.py").is_file():
                yield file

    def _is_alone(self) -> bool:
        return not any(folder.is_dir() for folder in self._others if not folder.is_relative_to(self._ansible))


def _key(ansible: Path) -> str:
    """Of an installation: another version has another, and so has one in which somebody changed a file."""
    digest = hashlib.sha256(f"{sys.version} {ansible}\n".encode())
    for name in ("release.py", "modules", "module_utils"):
        for file in sorted([ansible / name, *(ansible / name).rglob("*.py")]):
            about = file.stat()
            digest.update(f"{file} {about.st_mtime_ns} {about.st_size}\n".encode())
    return digest.hexdigest()[:DIGEST]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:DIGEST]


def _is_private(folder: Path) -> bool:
    """Ansible runs what it finds in such a file, so nobody else may have written it."""
    try:
        about = folder.stat()
    except OSError:
        return False
    return about.st_uid == os.geteuid() and not about.st_mode & 0o022


def _remove_unused(kept: Path) -> None:
    for folder in kept.parent.iterdir():
        if folder != kept and folder.stat().st_mtime < time.time() - UNUSED:
            shutil.rmtree(folder, ignore_errors=True)
