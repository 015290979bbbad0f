"""The file on this machine that a task takes its content from.

The callback plugin loads this file by its path, into the Python of Ansible: it imports nothing of stems.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

VAULT = b"$ANSIBLE_VAULT"


def source_of(task: Any, arguments: dict[str, Any]) -> Path | None:
    """The file here that a task takes its content from."""
    named = str(arguments.get("src") or "")
    if not named or arguments.get("remote_src") not in (None, False, "no", "false"):
        return None
    folder = "templates" if str(task.action).endswith("template") else "files"
    try:
        return Path(task.get_loader().path_dwim_relative_stack(task.get_search_path(), folder, named))
    except AnsibleError:
        return None


def is_vault_file(task: Any, arguments: dict[str, Any]) -> bool:
    path = source_of(task, arguments)
    if path is None or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(VAULT)) == VAULT
    except OSError:
        # What cannot be looked at may be one.
        return True


def copied(task: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """The digest of the file that is copied, or which files a copied folder holds: check mode does not tell."""
    path = source_of(task, arguments)
    if path is None:
        return {}
    try:
        if not path.is_dir():
            return {"source": hashlib.sha256(path.read_bytes()).hexdigest()}
    except OSError:
        return {}
    above = path if str(arguments["src"]).endswith("/") else path.parent
    return {"files": sorted(found.relative_to(above).as_posix() for found in path.rglob("*") if not found.is_dir())}
