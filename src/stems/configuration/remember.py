"""A cluster that this account judged before, kept under the digest of its text: reading it again costs no schema.

What is kept is data: only nouns of the model and of the YAML tree are made from it, and whatever is odd about the file
is a reason to judge the text anew.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle  # read by an unpickler that makes nothing but this program's own nouns
import stat
import sys
import tempfile
from contextlib import suppress
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path

from stems import __version__
from stems.infrastructure.cache import cache_folder
from stems.model.cluster import CLUSTER_FILE, Cluster

_SOURCES = ("configuration/**/*.py", "model/*.py", "readers/*.py", "validation/codes.py")
_MODULES = ("stems.model.", "stems.readers.")
_LARGEST = 16 * 1024 * 1024
_KEPT = 20


def known_cluster(content: bytes, path: str = CLUSTER_FILE) -> Cluster:
    """The cluster that a text declares, judged unless this very text was judged before by this very program."""
    kept = _folder() / f"{_key(content, path)}.pickle"
    found = recall(kept)
    if found is not None:
        return found
    from stems.configuration.load import load_cluster  # noqa: PLC0415  # the schema is what costs
    from stems.configuration.text import decode  # noqa: PLC0415  # brings the reader of YAML

    cluster = load_cluster(decode(content, path), path)
    keep(kept, cluster)
    return cluster


def recall(path: Path) -> Cluster | None:
    """What was kept there, if it is a private file of this account that holds a cluster and nothing else."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        about = os.fstat(handle)
        private = stat.S_ISREG(about.st_mode) and about.st_uid == os.geteuid() and not about.st_mode & 0o077
        if not private or about.st_size > _LARGEST:
            return None
        try:
            found = _Nouns(io.BytesIO(file.read())).load()
        except Exception:  # noqa: BLE001  # a broken file can break in any way; the text is judged anew
            return None
    return found if isinstance(found, Cluster) else None


def keep(path: Path, cluster: Cluster) -> None:
    """Whole or not at all. What cannot be kept costs time, nothing else."""
    with suppress(OSError, pickle.PicklingError, RecursionError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(pickle.dumps(cluster))
        Path(file.name).replace(path)
        for old in sorted(path.parent.glob("*.pickle"), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)


class _Nouns(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        found = super().find_class(module, name) if module.startswith(_MODULES) and "." not in name else None
        if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
            return found
        raise pickle.UnpicklingError(f"{module}.{name}")


def _folder() -> Path:
    return cache_folder() / "clusters"


def _key(content: bytes, path: str) -> str:
    digest = hashlib.sha256(f"{__version__} {sys.version} {path}\n".encode())
    # The version alone would not tell an edited program from the one before.
    for pattern in _SOURCES:
        for source in sorted(Path(__file__).parent.parent.glob(pattern)):
            about = source.stat()
            digest.update(f"{source} {about.st_mtime_ns} {about.st_size}\n".encode())
    digest.update(content)
    return digest.hexdigest()
