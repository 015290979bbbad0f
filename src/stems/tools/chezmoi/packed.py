"""The source of chezmoi as text of a script: for another account, which cannot read the stage."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
from dataclasses import dataclass

from stems.tools.base import Job
from stems.tools.chezmoi.source import top_of


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive in base64, and the digest of it: the same files give the same one."""

    text: str
    digest: str


def pack(job: Job) -> Packed:
    top = top_of(job)
    prefix = f"{top}/" if top else ""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(job.tree.tracked):
            local = job.tree.root / path
            # A submodule has nothing here.
            if path.startswith(prefix) and (local.is_file() or local.is_symlink()):
                archive.add(local, path.removeprefix(prefix), recursive=False, filter=_plain)
    content = packed.getvalue()
    return Packed(base64.encodebytes(content).decode(), hashlib.sha256(content).hexdigest())


def _plain(found: tarfile.TarInfo) -> tarfile.TarInfo:
    """Of a file only what Git keeps."""
    found.mode = 0o755 if found.mode & 0o100 else 0o644
    found.mtime = found.uid = found.gid = 0
    found.uname = found.gname = ""
    return found
